package openledger.audit.usage;

import java.time.Instant;

/**
 * One call in a provider's own record.
 *
 * @param id the provider's name of it, not empty
 * @param time when it was, by the provider's clock: its begin or its end
 * @param model as the provider calls it, empty if it does not say
 * @param result how it ended
 * @param tokens what it took
 */
public record ProviderCall(String id, Instant time, String model, Result result, TokenCount tokens) {
    public ProviderCall {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("a call has a name");
        }
    }

    /** How a call ended, by the provider's record. */
    public enum Result {
        SUCCEEDED,
        REFUSED,
        /** The record does not say. */
        UNSAID
    }

    /** True if the provider has an answer, or does not say that it has none and tokens came of it. */
    boolean isSuccess() {
        return result == Result.SUCCEEDED || (result == Result.UNSAID && tokens.output() > 0);
    }
}
