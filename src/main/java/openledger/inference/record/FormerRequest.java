package openledger.inference.record;

import openledger.routing.DecisionStatus;
import openledger.routing.Operation;
import openledger.unit.RequestId;
import openledger.unit.ResendKey;

/**
 * A request with a key that was taken before: by a router that is gone, or by ourselves before we were started again. Its answer is
 * nowhere, but its key is not free.
 *
 * @param key what it is found by
 * @param tenant whose it is
 * @param id its name
 * @param operation what was asked
 * @param bodyDigest as its {@link Intent}'s
 * @param status how it ended; INTERRUPTED if nobody knows, or it has not ended
 * @param spent attempts that were taken; of an interrupted request, those that it may have taken at most
 * @param untilMillis Unix ms after which the key is free
 */
@SuppressWarnings("ArrayRecordComponent") // looked at, never compared
public record FormerRequest(
        ResendKey key,
        String tenant,
        RequestId id,
        Operation operation,
        byte[] bodyDigest,
        DecisionStatus status,
        int spent,
        long untilMillis) {
    /** True if its client may have got an answer, or been told that there is none: nobody goes on with it. */
    public boolean hasEnded() {
        return status != DecisionStatus.INTERRUPTED && status != DecisionStatus.CANCELLED;
    }

    /** Which of two under one key, neither of which is free, is the later: whoever goes on with a request has spent more. */
    public FormerRequest later(FormerRequest other) {
        boolean isThis = spent == other.spent ? !other.hasEnded() : spent > other.spent;
        FormerRequest later = isThis ? this : other;
        return later.until(Math.max(untilMillis, other.untilMillis));
    }

    private FormerRequest until(long millis) {
        return millis == untilMillis
                ? this
                : new FormerRequest(key, tenant, id, operation, bodyDigest, status, spent, millis);
    }
}
