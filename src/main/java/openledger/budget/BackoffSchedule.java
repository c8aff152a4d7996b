package openledger.budget;

import java.time.Duration;
import openledger.routing.Backoff;

/**
 * Waits between attempts in fast mode: none while a target of the tier has not been tried, then exponential with full
 * jitter (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015).
 */
final class BackoffSchedule {
    private static final int LARGEST_SHIFT = 20;

    private BackoffSchedule() {}

    /**
     * The wait before the next attempt.
     *
     * @param round how many times the tier's targets have been gone through, from 0; 0 means no wait
     * @param jitter uniform in [0, 1)
     */
    static Duration delay(Backoff backoff, int round, double jitter) {
        if (round <= 0) {
            return Duration.ZERO;
        }
        long doubled = backoff.base().toNanos() << Math.min(round - 1, LARGEST_SHIFT);
        long ceiling = Math.min(backoff.cap().toNanos(), doubled);
        return Duration.ofNanos((long) (ceiling * jitter));
    }
}
