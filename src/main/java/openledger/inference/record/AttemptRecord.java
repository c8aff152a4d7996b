package openledger.inference.record;

import openledger.routing.Trigger;

/**
 * The record of one attempt.
 *
 * @param number from 1
 * @param tier 0 is the best
 * @param target id of the target, or {@link openledger.unit.TargetId#NONE} if none had room
 * @param trigger why it did not serve; NONE if it did
 * @param httpStatus status of the provider's answer, 0 if there was none
 * @param startMicros since the request's arrival
 * @param micros until its end: the first content of the serving attempt, the failure of any other
 * @param upstreamRequestId the provider's own id of the call, at most 128 printable ASCII characters, empty if none
 * @param detail what else is known of it
 */
public record AttemptRecord(
        int number,
        int tier,
        int target,
        Trigger trigger,
        int httpStatus,
        long startMicros,
        long micros,
        String upstreamRequestId,
        AttemptDetail detail) {
    /** One of which nothing else is known. */
    public AttemptRecord(
            int number,
            int tier,
            int target,
            Trigger trigger,
            int httpStatus,
            long startMicros,
            long micros,
            String upstreamRequestId) {
        this(number, tier, target, trigger, httpStatus, startMicros, micros, upstreamRequestId, AttemptDetail.NONE);
    }

    /** The same with what else is known of it. */
    public AttemptRecord with(AttemptDetail known) {
        return new AttemptRecord(
                number, tier, target, trigger, httpStatus, startMicros, micros, upstreamRequestId, known);
    }

    /** The same as it went on after its first content. */
    public AttemptRecord broken(Trigger why, long until) {
        return new AttemptRecord(number, tier, target, why, httpStatus, startMicros, until, upstreamRequestId, detail);
    }
}
