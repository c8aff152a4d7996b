package openledger.demo;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Ends what the demo has started, the newest first, when the process ends. If a signal asked for that it says so in one line, and the exit
 * code is 0: that is how the demo is meant to end. Thread-safe.
 */
final class CleanStop {
    /** In which the signal that ended a child of ours reaches us too. */
    private static final long SIGNAL_MILLIS = 1_000;

    private final Deque<AutoCloseable> started = new ConcurrentLinkedDeque<>();
    private volatile boolean isFailure;
    private volatile boolean isUnderWay;

    CleanStop() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
    }

    /** Closes it at the end. */
    <T extends AutoCloseable> T with(T one) {
        started.addFirst(one);
        return one;
    }

    /** Something failed, which ends the process: that is no clean stop. */
    void failed() {
        isFailure = true;
    }

    /** Whether the process ends because it was told to. Waits a moment for that. */
    boolean isUnderWay() throws InterruptedException {
        long until = System.nanoTime() + SIGNAL_MILLIS * 1_000_000;
        while (!isUnderWay && System.nanoTime() < until) {
            Thread.sleep(20);
        }
        return isUnderWay;
    }

    private void stop() {
        boolean isClean = !isFailure;
        isUnderWay = isClean;
        if (isClean) {
            System.out.println("\nStopping everything ...");
        }
        for (AutoCloseable one : started) {
            try {
                one.close();
            } catch (Exception e) {
                System.err.println("Something did not stop: " + e.getMessage());
            }
        }
        if (isClean) {
            Runtime.getRuntime().halt(0);
        }
    }
}
