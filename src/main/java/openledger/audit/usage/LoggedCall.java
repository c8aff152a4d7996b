package openledger.audit.usage;

import java.time.Instant;

/**
 * A call to a provider as a log has it.
 *
 * @param request the request that it was made for
 * @param attempt its number in that request, from 1; 0 for a call that the log leaves open, of a request that did not end in order
 * @param upstreamId the provider's own name of it, empty if the log has none
 * @param start when it was begun, by the router's clock
 * @param end when it ended, not before {@code start}; of an answer that flowed, when it was whole
 * @param target the model that was called, as the router's policy has it
 * @param answered the model that the provider named in its answer, empty if it named none
 * @param claim how it is said to have ended
 * @param tokens what it is said to have taken
 * @param most calls at the provider that this one may be, 1 or more: a call that was sent again is two
 */
public record LoggedCall(
        String request,
        int attempt,
        String upstreamId,
        Instant start,
        Instant end,
        String target,
        String answered,
        ClaimedEnd claim,
        TokenCount tokens,
        int most) {
    public LoggedCall {
        if (end.isBefore(start) || most < 1) {
            throw new IllegalArgumentException("a call ends after its start, and is one call at least");
        }
    }

    boolean isNamed() {
        return !upstreamId.isEmpty();
    }
}
