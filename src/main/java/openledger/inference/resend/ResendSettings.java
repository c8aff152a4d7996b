package openledger.inference.resend;

import java.time.Duration;
import openledger.inference.admission.ResendHint;
import openledger.inference.retry.JournalledAttempts.Order;

/**
 * How long a request may last, and how long and how much is kept for clients that come back.
 *
 * @param longestRequest from its arrival, or the return of its client, to the end of its answer, whatever its route says; 1 s to 1 h
 * @param orphanGrace how long the call in flight of a departed client with an idempotency key may run on
 * @param window how long a ledger, and the answer of one with a key, outlives its last client; over 0
 * @param largestAnswer bytes of one answer that are kept
 * @param keptBytes bytes of all kept answers together
 * @param mostLedgers ledgers without a client, and ledgers with a key, that are kept at once; 1 or more
 * @param firstCall what the first call of a request with a key waits for
 */
public record ResendSettings(
        Duration longestRequest,
        Duration orphanGrace,
        Duration window,
        int largestAnswer,
        long keptBytes,
        int mostLedgers,
        FirstCall firstCall) {
    private static final Duration LONGEST_REQUEST = Duration.ofHours(1);
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(10);
    private static final Duration LONGEST_GRACE = Duration.ofMinutes(1);

    /** What the first call of a request with a key waits for; all further ones wait for the record of the one before. */
    public enum FirstCall {
        /** Nothing. A crash within the first commit may cost one call that nobody knows of. */
        EAGER,
        /** The record of the request, a commit of some milliseconds. No crash costs a call beyond the budget. */
        DURABLE
    }

    public ResendSettings {
        if (longestRequest.toSeconds() < 1 || longestRequest.compareTo(LONGEST_REQUEST) > 0) {
            throw new IllegalArgumentException("the longest request must be 1 s to 1 h: " + longestRequest);
        }
        if (orphanGrace.isNegative() || orphanGrace.compareTo(LONGEST_GRACE) > 0) {
            throw new IllegalArgumentException("the orphan grace must be 0 to 60 s: " + orphanGrace);
        }
        if (window.toMillis() < 1 || window.compareTo(LONGEST_WINDOW) > 0) {
            throw new IllegalArgumentException("the window must be 1 ms to 10 min: " + window);
        }
        if (largestAnswer < 0 || keptBytes < 0 || mostLedgers < 1) {
            throw new IllegalArgumentException("bytes must be 0 or more, ledgers 1 or more");
        }
    }

    /** Which attempts of a request wait for the mark of the one before. */
    public Order order(ResendHint hint) {
        if (!hint.isKeyed()) {
            return Order.FREE;
        }
        return switch (firstCall) {
            case EAGER -> Order.AFTER_THE_FIRST;
            case DURABLE -> Order.FROM_THE_FIRST;
        };
    }
}
