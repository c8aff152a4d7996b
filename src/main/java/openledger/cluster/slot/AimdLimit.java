package openledger.cluster.slot;

import java.util.concurrent.atomic.AtomicInteger;
import openledger.routing.SlotBounds;

/**
 * How many calls may be in flight at a target at once, learnt from what it answers and refuses: additive increase, multiplicative
 * decrease (Chiu and Jain, 1989). It grows by two an answer, because answers of a model come a second after the room for them was
 * there; and three tenths go with a refusal, because a refusal costs a request one of its few attempts. With one and a tenth, as
 * limits of faster services have it, a route in changing congestion fell back a quarter more often. Safe for several threads.
 */
public final class AimdLimit implements SlotLimit {
    private static final int GROWTH = 2;
    private static final double KEEP = 0.7;

    private final SlotBounds bounds;
    private final AtomicInteger inFlight = new AtomicInteger();
    private double estimate;
    private volatile int limit;

    /** One that begins where its bounds say, with no call in flight. */
    public AimdLimit(SlotBounds bounds) {
        this.bounds = bounds;
        this.estimate = bounds.initial();
        this.limit = bounds.initial();
    }

    @Override
    public boolean take() {
        if (inFlight.incrementAndGet() > limit) {
            inFlight.decrementAndGet();
            return false;
        }
        return true;
    }

    @Override
    public void giveBack() {
        inFlight.decrementAndGet();
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public void missed(int slots) {
        // It grows by what is answered.
    }

    @Override
    public void answered() {
        answered(inFlight.get());
    }

    /** The limit grows only as far as it is used. */
    synchronized void answered(int used) {
        if (2 * used >= limit) {
            set(estimate + GROWTH);
        }
    }

    @Override
    public synchronized void refused() {
        set(estimate * KEEP);
    }

    private void set(double wanted) {
        estimate = Math.clamp(wanted, bounds.min(), bounds.max());
        limit = (int) estimate;
    }
}
