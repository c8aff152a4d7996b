package openledger.inference;

import java.time.Duration;

/** Port: time, injected so that tests and the lab can advance the clock themselves. */
public interface Timekeeper {
    /** Monotonic time, nanoseconds from an arbitrary origin. */
    long nanoTime();

    /** Wall-clock time, Unix milliseconds. */
    long epochMillis();

    /** Runs {@code task} once after {@code delay} (rounded up to 1 ms), on the caller's event loop. */
    Timer after(Duration delay, Runnable task);

    /** A task to come. */
    interface Timer {
        /** Prevents the task if it has not begun; harmless afterwards. */
        void cancel();
    }
}
