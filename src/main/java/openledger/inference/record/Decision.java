package openledger.inference.record;

import java.util.List;
import java.util.Optional;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Plan;
import openledger.routing.Trigger;
import openledger.unit.RequestId;
import openledger.unit.TargetId;

/**
 * The record of a finished request: what was decided and why, with the exact split of its time.
 *
 * @param id its name
 * @param intent what was known at admission
 * @param status how it ended
 * @param attempts in the order taken; refused slots included; unmodifiable
 * @param resends requests that joined it before its end because they were the same, sent again
 * @param selectedTarget target selected first: that of the first attempt or, if there is a plan, of its first pinned place; {@link TargetId#NONE} if none
 * @param servedTier tier of the serving attempt, 0xff if none
 * @param servedTarget target of the serving attempt, {@link TargetId#NONE} if none
 * @param trigger of the last attempt that did not serve
 * @param attribution why it did not get the best tier
 * @param overtakes later arrivals served by the best tier meanwhile; 0 unless it fell back or was exhausted
 * @param timeSplit where its time went
 * @param responseDigest SHA-256 of the answer as its clients got it, of a stream without what is ours; of an answer that broke
 *     off, of what there was of it; zeros if a provider gave none; 32 bytes, never changed after construction
 * @param mode how it was settled in the end: the intent's mode, or that released
 * @param plan what was pinned for it; empty in mode FAST, and if it ended before it had one
 */
@SuppressWarnings("ArrayRecordComponent") // a record of bytes on the hot path; nobody compares decisions
public record Decision(
        RequestId id,
        Intent intent,
        DecisionStatus status,
        List<AttemptRecord> attempts,
        int resends,
        int selectedTarget,
        int servedTier,
        int servedTarget,
        Trigger trigger,
        Attribution attribution,
        int overtakes,
        TimeSplit timeSplit,
        byte[] responseDigest,
        LeafMode mode,
        Optional<Plan> plan) {
    /** {@code servedTier} of a request nobody served. */
    public static final int NO_TIER = 0xff;
    /** Length of {@code responseDigest}. */
    public static final int DIGEST_BYTES = 32;

    /** True if the target that served, or was called last, is not the one selected first: a measure of both modes. */
    public boolean hasChangedTarget() {
        int last = servedTarget;
        for (int i = attempts.size() - 1; i >= 0 && last == TargetId.NONE; i--) {
            last = attempts.get(i).target();
        }
        return last != selectedTarget && last != TargetId.NONE;
    }
}
