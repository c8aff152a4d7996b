package openledger.settlement.decide;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.settlement.BatchStore.Unsettled;
import openledger.unit.Hash32;

/**
 * The state of our lane when the next steps are decided. Immutable.
 *
 * @param last sequence of the lane's last batch, 0 if there is none
 * @param lastHead its head
 * @param first sequence of the oldest batch that is held, or of the next to be read or cut if none is
 * @param batches those on their way, without a gap, oldest first; not all of them after a great reorg
 * @param sendings by sequence; only what this process has sent
 * @param newestBlock highest number of a block that we have seen as the newest
 * @param behindSince since when the chain is shorter than that
 * @param reverts commits that reverted one after the other
 * @param careUntil no commit before, after a revert
 */
public record LaneSnapshot(
        long last,
        Hash32 lastHead,
        long first,
        List<Unsettled> batches,
        Map<Long, SubmissionState> sendings,
        long newestBlock,
        Optional<Instant> behindSince,
        int reverts,
        Instant careUntil) {
    public LaneSnapshot {
        batches = List.copyOf(batches);
        sendings = Map.copyOf(sendings);
    }

    /** The same without the batches after one of them. */
    public LaneSnapshot asOf(long sequence, Hash32 head) {
        return new LaneSnapshot(
                sequence,
                head,
                first,
                batches.stream().filter(batch -> batch.sequence() <= sequence).toList(),
                sendings,
                newestBlock,
                behindSince,
                reverts,
                careUntil);
    }

    /** Sequence of the newest batch held, {@code first - 1} if none is. */
    long held() {
        return first + batches.size() - 1;
    }

    /** A batch that is held. */
    Unsettled batch(long sequence) {
        return batches.get(Math.toIntExact(sequence - first));
    }

    /** The batches held after a sequence. */
    public List<Unsettled> after(long sequence) {
        int skipped = Math.toIntExact(Math.clamp(sequence - first + 1, 0, batches.size()));
        return batches.subList(skipped, batches.size());
    }

    /** The batches held up to a sequence. */
    List<Unsettled> upTo(long sequence) {
        return batches.subList(0, batches.size() - after(sequence).size());
    }
}
