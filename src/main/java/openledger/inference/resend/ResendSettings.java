package openledger.inference.resend;

import java.time.Duration;

/**
 * How long a request may last, and how long and how much is kept for clients that come back.
 *
 * @param longestRequest from its arrival, or the return of its client, to the end of its answer, whatever its route says; 1 s to 1 h
 * @param orphanGrace how long the call in flight of a departed client with an idempotency key may run on
 * @param window how long a ledger, and the answer of one with a key, outlives its last client; over 0
 * @param largestAnswer bytes of one answer that are kept
 * @param keptBytes bytes of all kept answers together
 * @param mostLedgers ledgers without a client, and ledgers with a key, that are kept at once; 1 or more
 */
public record ResendSettings(
        Duration longestRequest,
        Duration orphanGrace,
        Duration window,
        int largestAnswer,
        long keptBytes,
        int mostLedgers) {
    private static final Duration LONGEST_REQUEST = Duration.ofHours(1);
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(10);
    private static final Duration LONGEST_GRACE = Duration.ofMinutes(1);

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
}
