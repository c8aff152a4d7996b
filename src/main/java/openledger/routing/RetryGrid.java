package openledger.routing;

import java.time.Duration;

/**
 * When a confirmed request may be attempted again: at points that are {@code epochs} epochs apart, counted from the epoch of
 * its arrival; the same for every request of a route, whatever its tenant and whatever the load.
 *
 * @param epoch length of an epoch, 10 ms to 10 s
 * @param epochs from one point to the next, 1 to 1_000
 */
public record RetryGrid(Duration epoch, int epochs) {
    public static final Duration SHORTEST_EPOCH = Duration.ofMillis(10);
    public static final Duration LONGEST_EPOCH = Duration.ofSeconds(10);
    private static final int MOST_EPOCHS = 1_000;

    public RetryGrid {
        if (epoch.compareTo(SHORTEST_EPOCH) < 0 || epoch.compareTo(LONGEST_EPOCH) > 0) {
            throw new IllegalArgumentException("an epoch must be 10 ms to 10 s: " + epoch);
        }
        if (epochs < 1 || epochs > MOST_EPOCHS) {
            throw new IllegalArgumentException("points of a retry grid must be 1..1000 epochs apart: " + epochs);
        }
    }

    /** From one point to the next. */
    public Duration step() {
        return epoch.multipliedBy(epochs);
    }

    /**
     * From a moment to the first point after it.
     *
     * @param sinceArrival from the end of the request's epoch of arrival to the moment, not negative
     */
    public Duration untilNextPoint(Duration sinceArrival) {
        long step = step().toNanos();
        return Duration.ofNanos(step - sinceArrival.toNanos() % step);
    }
}
