package openledger.settlement.cut;

import java.util.List;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.PlannedRequest;
import openledger.inference.record.TimeSplit;
import openledger.routing.Trigger;

/** The data of a request, beside its leaf, that the replay of a batch needs. No tenant, key, text or provider's name is in it. */
public sealed interface ReplayRecord {
    int MOST_ATTEMPTS = 128;

    /** Of the request, in its lane. */
    long counter();

    /**
     * {@link openledger.commitment.leaf.LaneSecret#tenantTag} of the day of its arrival, 16 bytes; never changed after construction.
     */
    byte[] tenantTag();

    /**
     * Beside an OUTCOME leaf.
     *
     * @param overtakes later arrivals that the best tier served meanwhile
     * @param resends requests that joined it
     * @param times where its time went
     * @param attempts in the order taken, at most 128
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares it
    record OfOutcome(
            long counter, byte[] tenantTag, int overtakes, int resends, TimeSplit times, List<Attempt> attempts)
            implements ReplayRecord {
        public OfOutcome {
            if (attempts.size() > MOST_ATTEMPTS) {
                throw new IllegalArgumentException("attempts: at most 128, not " + attempts.size());
            }
            attempts = List.copyOf(attempts);
        }

        /** Of a decision whose tenant is shown as {@code tenantTag}. */
        static OfOutcome of(Decision decision, byte[] tenantTag) {
            return new OfOutcome(
                    decision.id().counter(),
                    tenantTag,
                    decision.overtakes(),
                    decision.resends(),
                    decision.timeSplit(),
                    decision.attempts().stream().map(Attempt::of).toList());
        }
    }

    /**
     * Beside a PLAN leaf.
     *
     * @param snapshot that the plan was made from
     * @param arrival snapshot that ended the request's epoch of arrival: its retry grid begins there
     * @param pinnedMillis when the plan was made, Unix ms
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares it
    record OfPlan(long counter, byte[] tenantTag, long snapshot, long arrival, long pinnedMillis)
            implements ReplayRecord {
        /** Of a plan whose tenant is shown as {@code tenantTag}. */
        static OfPlan of(PlannedRequest planned, byte[] tenantTag) {
            return new OfPlan(
                    planned.id().counter(),
                    tenantTag,
                    planned.plan().snapshot(),
                    planned.plan().arrival(),
                    planned.pinnedMillis());
        }
    }

    /**
     * One attempt.
     *
     * @param number from 1
     * @param tier 0 is the best
     * @param target its id, or {@link openledger.unit.TargetId#NONE}
     * @param trigger why it did not serve
     * @param httpStatus of the provider's answer, 0 if there was none
     * @param startMicros since the request's arrival
     * @param micros until its end
     */
    record Attempt(int number, int tier, int target, Trigger trigger, int httpStatus, long startMicros, long micros) {
        static Attempt of(AttemptRecord record) {
            return new Attempt(
                    record.number(),
                    record.tier(),
                    record.target(),
                    record.trigger(),
                    record.httpStatus(),
                    record.startMicros(),
                    record.micros());
        }
    }
}
