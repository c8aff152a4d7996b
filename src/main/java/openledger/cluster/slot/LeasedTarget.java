package openledger.cluster.slot;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.cluster.TargetKey;
import openledger.cluster.slot.SlotEngine.Grant;
import openledger.cluster.slot.SlotEngine.Wish;
import openledger.routing.SlotBounds;

/**
 * A router's part of a target's slots, leased. A call begins if it is within the part and the lease is ours by our own clock; a part that
 * shrinks does so before anybody is told. What it asks and is granted is on the event loop of {@link TargetSlots}; all else is thread-safe.
 */
final class LeasedTarget implements SlotLimit {
    final TargetKey target;
    private final TargetSlots shares;
    private volatile SlotBounds bounds;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile int limit;
    private volatile long endsAt;

    private final AtomicInteger peak = new AtomicInteger();
    private final AtomicInteger missed = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    /** There is something that should not wait for its turn. */
    private final AtomicBoolean isPressing = new AtomicBoolean(true);

    /** Until then nobody has more to give than what was answered last. */
    private volatile long settledUntil;

    private long askedAt;
    private int needBefore;
    private int granted;
    private boolean isLacking;
    /** How long to leave the engine alone while others have what we lack, ns. */
    private long patience = TargetSlots.LACKING;

    private boolean isAnswered;

    LeasedTarget(TargetSlots shares, TargetKey target, SlotBounds bounds) {
        long now = shares.now();
        this.shares = shares;
        this.target = target;
        this.bounds = bounds;
        this.endsAt = now;
        this.settledUntil = now;
        this.askedAt = now - TargetSlots.IDLE;
    }

    void bounds(SlotBounds latest) {
        bounds = latest;
    }

    @Override
    public boolean take() {
        int begun = inFlight.incrementAndGet();
        // Whoever lowers the limit reads afterwards what is in flight, and this call is in that or sees the lower one.
        if (begun > limit()) {
            inFlight.decrementAndGet();
            missed.incrementAndGet();
            press();
            return false;
        }
        if (begun > peak.get()) {
            peak.accumulateAndGet(begun, Math::max);
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
        return shares.now() - endsAt < 0 ? limit : 0;
    }

    @Override
    public void missed(int slots) {
        if (slots > waiting.get()) {
            waiting.accumulateAndGet(slots, Math::max);
        }
        press();
    }

    private void press() {
        if (shares.now() - settledUntil >= 0) {
            pressing();
        }
    }

    /** Asks as soon as may be. */
    void pressing() {
        if (!isPressing.get() && isPressing.compareAndSet(false, true)) {
            shares.wake();
        }
    }

    @Override
    public void answered() {
        answered.incrementAndGet();
    }

    /** Whoever refuses has no more room than what is in flight; how much less there is to be is learnt with the next question. */
    @Override
    public void refused() {
        refused.incrementAndGet();
        lower(Math.max(1, inFlight.get() - 1));
        pressing();
    }

    private synchronized void lower(int to) {
        limit = Math.min(limit, to);
    }

    boolean isInUse() {
        return inFlight.get() > 0 || peak.get() > 0 || missed.get() > 0 || waiting.get() > 0;
    }

    /** Whether it has been answered, and has what it needs to begin. */
    boolean isReady() {
        return isAnswered && !isLacking;
    }

    /** Whether it is time to ask again. */
    boolean isDue(long now, boolean isFollowed) {
        long since = now - askedAt;
        if (isPressing.get()) {
            return since >= TargetSlots.PRESSING;
        }
        if (isLacking) {
            return since >= patience;
        }
        if (isInUse()) {
            return since >= TargetSlots.IN_USE;
        }
        return isFollowed && since >= TargetSlots.IDLE;
    }

    /** What it says now. */
    Wish wish(long now) {
        askedAt = now;
        isPressing.set(false);
        int ours = limit();
        int running = inFlight.get();
        int used = Math.max(peak.getAndSet(running), running);
        int lacked = Math.max(missed.getAndSet(0), waiting.getAndSet(0));
        int need = Math.min(used + lacked, SlotBounds.LARGEST);
        int said = Math.max(need, needBefore);
        needBefore = need;
        SlotBounds of = bounds;
        return new Wish(
                target,
                of.min(),
                of.initial(),
                of.max(),
                Math.max(ours, running),
                said,
                used,
                answered.getAndSet(0),
                refused.getAndSet(0));
    }

    /** What it is told. */
    void granted(Wish wish, Grant grant, long now) {
        isAnswered = true;
        boolean isMore = grant.granted() > granted;
        granted = grant.granted();
        int use = Math.min(granted, grant.share());
        synchronized (this) {
            // Who was refused meanwhile has heard more than the engine.
            limit = refused.get() > 0 ? Math.min(limit, use) : use;
        }
        endsAt = askedAt + TargetSlots.USE;
        isLacking = granted < Math.min(grant.share(), Math.max(1, wish.need()));
        patience = isLacking && !isMore ? Math.min(TargetSlots.IN_USE, 2 * patience) : TargetSlots.LACKING;
        settledUntil = now + (isLacking ? patience : TargetSlots.IN_USE);
        if (Math.max(use, inFlight.get()) < granted) {
            // Others wait for what was taken from us.
            pressing();
        }
    }

    /** Nobody knows whether it was heard. */
    void unanswered(Wish wish) {
        refused.addAndGet(wish.refused());
        isLacking = true;
        patience = TargetSlots.LACKING;
    }
}
