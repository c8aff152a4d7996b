package openledger.inference.retry;

import java.util.List;
import openledger.access.TokenHold;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.TokenUsage;
import openledger.routing.Trigger;
import openledger.unit.TargetId;

/** What the attempts of a request have used of its key's tokens. */
public final class AttemptUse {
    /** Of one attempt; a provider that says more than any model can take says nonsense. */
    private static final long MOST = 100_000_000;

    private static final int FIRST_REFUSAL = 400;

    private AttemptUse() {}

    /**
     * Of those with the numbers {@code after + 1} to {@code last}. One that has no record is under way, or has just been given up: nobody
     * knows what it uses.
     */
    public static TokenHold.Use of(List<AttemptRecord> attempts, int after, int last) {
        long known = 0;
        int ended = 0;
        boolean isAll = true;
        for (AttemptRecord attempt : attempts) {
            if (attempt.number() > after) {
                ended++;
                TokenUsage usage = attempt.detail().usage().orElse(TokenUsage.NONE);
                known += count(usage.input()) + count(usage.output());
                isAll &= attempt.detail().usage().isPresent() || usesNothing(attempt);
            }
        }
        return new TokenHold.Use(known, isAll && ended >= last - after);
    }

    private static long count(long tokens) {
        return Math.min(TokenUsage.counted(tokens), MOST);
    }

    /** Nobody was called, the provider has refused, or it was another router's, which has counted it. */
    private static boolean usesNothing(AttemptRecord attempt) {
        return attempt.trigger().isRefusal()
                || attempt.trigger() == Trigger.CONNECT_TIMEOUT
                || attempt.httpStatus() >= FIRST_REFUSAL
                || attempt.target() == TargetId.NONE
                || switch (attempt.detail().connection()) {
                    case DNS, REFUSED, UNREACHABLE, CONNECT_TIMEOUT, HANDSHAKE_TIMEOUT, CERTIFICATE, TLS, PROXY -> true;
                    case NONE, HEAD_TOO_LARGE, NOT_HTTP, RESET -> false;
                };
    }
}
