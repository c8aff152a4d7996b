package openledger.routing;

import java.time.Duration;
import openledger.unit.BasisPoints;

/**
 * How many retries a route may add to its traffic (after Finagle's retry budget).
 *
 * @param ratio retries per request
 * @param reservePerSecond retries that are always allowed, 0 to 100_000
 * @param window over which requests and retries are counted, 1 to 60 s
 */
public record StormLimits(BasisPoints ratio, int reservePerSecond, Duration window) {
    private static final int LARGEST_RESERVE = 100_000;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    public StormLimits {
        if (reservePerSecond < 0 || reservePerSecond > LARGEST_RESERVE) {
            throw new IllegalArgumentException("the reserve must be 0..100000 retries a second: " + reservePerSecond);
        }
        if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the window must be 1 to 60 s: " + window);
        }
    }
}
