package openledger.audit.usage;

import java.time.Instant;

/**
 * Something that a log and a provider's record do not agree on.
 *
 * @param kind of difference
 * @param at when
 * @param model it is about, empty if about no one
 * @param request of the log, empty if it is about none in particular
 * @param upstreamId the provider's name of the call, empty if it has none
 * @param amount calls, or tokens for {@link Kind#TOKENS_DIFFER}; over 0
 * @param text one sentence for a person
 */
public record UsageDifference(
        Kind kind, Instant at, String model, String request, String upstreamId, long amount, String text) {
    /** What differs. */
    public enum Kind {
        /** The log has a call that the provider has not. */
        NEVER_SEEN("calls the provider never saw"),
        /** The log says that the provider refused, and the provider has an answer. */
        REFUSAL_WAS_SUCCESS("refusals that the provider has as answers"),
        /** The log says that the provider answered, and the provider says that it refused. */
        SUCCESS_WAS_REFUSAL("answers that the provider has as refusals"),
        /** Both have the call, with other tokens. */
        TOKENS_DIFFER("tokens that differ"),
        /** The provider has a call that the log has not. */
        NOT_IN_LOG("calls that the log does not have"),
        /** What the router says of a request is not what its leaf commits to. */
        NOT_COMMITTED("records that are not what was committed");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** In tables. */
        public String words() {
            return words;
        }
    }
}
