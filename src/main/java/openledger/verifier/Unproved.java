package openledger.verifier;

import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * An answer whose promise is missing, wrong, or was not kept.
 *
 * @param request the router's name for it as it came, printable and short; empty if there was none
 * @param status of the answer
 * @param why a sentence for a person
 * @param anchorBy when its leaf had to be on chain, Unix seconds
 * @param at when that was found
 */
public record Unproved(Reason reason, String request, int status, String why, OptionalLong anchorBy, Instant at) {
    /** Why an answer counts as unproved. */
    public enum Reason {
        /** The answer came without a promise. */
        NO_PROMISE,
        /** The router could not sign one in time. */
        NOT_SIGNED,
        /** It is of another body, lane, chain or signer, or cannot be read. */
        WRONG_PROMISE,
        /** It could not be checked: the answer came before the whole body was sent, or by a fault here. */
        NOT_CHECKED,
        /** As many promises as are kept wait for their proof. */
        TABLE_FULL,
        /** The receipt does not prove what it says. */
        REFUTED,
        /** The receipt proves that published rules or the promise were broken. */
        MISROUTED,
        /** Nothing has proved it by its time. */
        OVERDUE,
        /** The watch ended before it was proved. */
        STOPPED;

        /** The word of metrics and JSON, such as {@code no_promise}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
