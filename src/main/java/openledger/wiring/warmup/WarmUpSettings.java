package openledger.wiring.warmup;

import java.time.Duration;

/**
 * How much is rehearsed before the router says that it is ready.
 *
 * @param requests how many, 0 (none) to 10,000
 * @param longest how long at most, 100 ms to 60 s; then the router is ready all the same
 */
public record WarmUpSettings(int requests, Duration longest) {
    private static final int MOST = 10_000;
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    public WarmUpSettings {
        if (requests < 0 || requests > MOST) {
            throw new IllegalArgumentException("requests must be 0 to 10000: " + requests);
        }
        if (longest.compareTo(SHORTEST) < 0 || longest.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("max-time must be 100 ms to 60 s: " + longest);
        }
    }
}
