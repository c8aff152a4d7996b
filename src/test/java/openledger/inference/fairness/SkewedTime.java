package openledger.inference.fairness;

import java.time.Duration;
import openledger.inference.Timekeeper;
import openledger.inference.TurnedClock;

/**
 * The time of a test, as a router has it whose clocks are wrong.
 *
 * @param aheadMillis by which its wall clock is ahead of the test's
 * @param nanos by which its monotonic clock is
 */
record SkewedTime(TurnedClock clock, long aheadMillis, long nanos) implements Timekeeper {
    @Override
    public long nanoTime() {
        return clock.nanoTime() + nanos;
    }

    @Override
    public long epochMillis() {
        return clock.epochMillis() + aheadMillis;
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        return clock.after(delay, task);
    }
}
