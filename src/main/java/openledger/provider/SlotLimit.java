package openledger.provider;

import openledger.routing.SlotBounds;

/**
 * How many calls may be in flight at a target at once, learnt from what it answers and refuses: additive increase, multiplicative
 * decrease (Chiu and Jain, 1989), with two things that a stream of slow calls needs. An answer to a call that began before the
 * last refusal says nothing about the room there is now, so it does not count, and nor does its refusal. And refusals with nothing new answered between them
 * mean that room is gone, not that it is tight, so the limit falls below what is in flight, and calls are made again only when
 * some have ended. Safe for several threads.
 */
final class SlotLimit {
    private static final double KEEP = 0.9;
    private static final double KEEP_AGAIN = 0.7;

    private final SlotBounds bounds;
    private double estimate;
    private long answeredSinceRefusal;
    private long refusedNanos = Long.MIN_VALUE;
    private volatile int limit;

    SlotLimit(SlotBounds bounds) {
        this.bounds = bounds;
        this.estimate = bounds.initial();
        this.answeredSinceRefusal = bounds.initial();
        this.limit = bounds.initial();
    }

    int get() {
        return limit;
    }

    /**
     * A call was answered. While refusals are near the limit grows by one for as many answers as it has slots, and by one for each
     * answer after that, but only as far as it is used.
     *
     * @param beganNanos when the call began
     * @param inFlight calls in flight, that one among them
     */
    synchronized void answered(long beganNanos, int inFlight) {
        if (beganNanos < refusedNanos) {
            return;
        }
        answeredSinceRefusal++;
        if (2 * inFlight >= limit) {
            set(estimate + (answeredSinceRefusal > estimate ? 1 : 1 / estimate));
        }
    }

    /**
     * A call was refused for want of room.
     *
     * @param beganNanos when the call began
     * @param nanos the time now
     * @param others calls in flight beside it
     */
    synchronized void refused(long beganNanos, long nanos, int others) {
        if (beganNanos < refusedNanos) {
            return;
        }
        boolean again = answeredSinceRefusal == 0;
        answeredSinceRefusal = 0;
        refusedNanos = nanos;
        set(again ? Math.min(estimate, others) * KEEP_AGAIN : estimate * KEEP);
    }

    private void set(double wanted) {
        estimate = Math.clamp(wanted, bounds.min(), bounds.max());
        limit = (int) estimate;
    }
}
