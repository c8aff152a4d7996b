package openledger.inference.confirmed;

import java.time.Duration;
import openledger.routing.RetryGrid;

/**
 * Settings of confirmed mode that all requests of a router share; they do not change while it runs.
 *
 * @param epoch how long the router's view does not change, 10 ms to 10 s, whole milliseconds
 * @param mostHeld confirmed requests that may wait for a slot at once, 1 to 1,000,000
 */
public record ConfirmedSettings(Duration epoch, int mostHeld) {
    private static final int MOST = 1_000_000;

    public ConfirmedSettings {
        if (epoch.compareTo(RetryGrid.SHORTEST_EPOCH) < 0 || epoch.compareTo(RetryGrid.LONGEST_EPOCH) > 0) {
            throw new IllegalArgumentException("an epoch must be 10 ms to 10 s: " + epoch);
        }
        if (!Duration.ofMillis(epoch.toMillis()).equals(epoch)) {
            throw new IllegalArgumentException("an epoch must be whole milliseconds: " + epoch);
        }
        if (mostHeld < 1 || mostHeld > MOST) {
            throw new IllegalArgumentException("1 to 1000000 requests may be held: " + mostHeld);
        }
    }
}
