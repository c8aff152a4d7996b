package openledger.http;

import java.time.Duration;

/**
 * Bounds of what a client may send.
 *
 * @param largestBody bytes
 * @param bodyTimeout from the head of a request to the end of its body
 * @param wrongKeysPerMinute unknown keys that are answered with 401; more are answered with 429
 * @param mostInFlight requests at once, of all callers together
 * @param longestRequest from its arrival to the end of its answer
 * @param readerTimeout how long a client may read nothing of an answer that waits for it
 */
public record HttpLimits(
        int largestBody,
        Duration bodyTimeout,
        int wrongKeysPerMinute,
        int mostInFlight,
        Duration longestRequest,
        Duration readerTimeout) {}
