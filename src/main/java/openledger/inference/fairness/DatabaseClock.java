package openledger.inference.fairness;

import java.util.function.LongSupplier;
import openledger.inference.Timekeeper;

/**
 * The database's time, as near as we know it: what it said when it was last asked, and what has passed since by our monotonic clock. So
 * parts of all routers begin and end together, whatever their own clocks say. Our own time until the database was asked. Thread-safe.
 */
public final class DatabaseClock implements LongSupplier {
    private static final long NANOS_A_MILLI = 1_000_000;
    private static final long LONGEST_ANSWER = 1_000_000_000;

    private final Timekeeper time;
    private volatile Said said;
    private volatile boolean hasHeard;

    /** A clock that has not heard of the database. */
    public DatabaseClock(Timekeeper time) {
        this.time = time;
        this.said = new Said(time.epochMillis(), time.nanoTime());
    }

    /**
     * The database has said its time.
     *
     * @param epochMillis Unix ms
     * @param sentNanos when it was asked, by our monotonic clock; it has said it between then and now. What took longer than a second is
     *     not believed, unless it is the first
     */
    public void said(long epochMillis, long sentNanos) {
        long took = time.nanoTime() - sentNanos;
        if (took < LONGEST_ANSWER || !hasHeard) {
            said = new Said(epochMillis, sentNanos + took / 2);
            hasHeard = true;
        }
    }

    /** The database's time, Unix ms. */
    @Override
    public long getAsLong() {
        Said last = said;
        return last.epochMillis + (time.nanoTime() - last.nanos) / NANOS_A_MILLI;
    }

    private record Said(long epochMillis, long nanos) {}
}
