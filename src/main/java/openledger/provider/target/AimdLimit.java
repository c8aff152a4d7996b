package openledger.provider.target;

import openledger.routing.SlotBounds;

/**
 * How many calls may be in flight at a target at once, learnt from what it answers and refuses: additive increase, multiplicative
 * decrease (Chiu and Jain, 1989). It grows by two an answer, because answers of a model come a second after the room for them was
 * there; and three tenths go with a refusal, because a refusal costs a request one of its few attempts. With one and a tenth, as
 * limits of faster services have it, a route in changing congestion fell back a quarter more often. Safe for several threads.
 */
final class AimdLimit {
    private static final int GROWTH = 2;
    private static final double KEEP = 0.7;

    private final SlotBounds bounds;
    private double estimate;
    private volatile int limit;

    AimdLimit(SlotBounds bounds) {
        this.bounds = bounds;
        this.estimate = bounds.initial();
        this.limit = bounds.initial();
    }

    int get() {
        return limit;
    }

    /**
     * A call was answered. The limit grows only as far as it is used.
     *
     * @param inFlight calls in flight, that one among them
     */
    synchronized void answered(int inFlight) {
        if (2 * inFlight >= limit) {
            set(estimate + GROWTH);
        }
    }

    /** A call was refused for want of room. */
    synchronized void refused() {
        set(estimate * KEEP);
    }

    private void set(double wanted) {
        estimate = Math.clamp(wanted, bounds.min(), bounds.max());
        limit = (int) estimate;
    }
}
