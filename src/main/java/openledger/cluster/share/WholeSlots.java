package openledger.cluster.share;

import java.util.concurrent.atomic.AtomicInteger;

/** All places of a key. Thread-safe. */
final class WholeSlots implements Slots {
    private static final int GONE = -1;

    private final AtomicInteger inside = new AtomicInteger();
    private volatile int most;

    WholeSlots(int most) {
        this.most = most;
    }

    @Override
    public Taken take(long nowNanos) {
        int now = inside.get();
        while (now != GONE && now < most) {
            if (inside.compareAndSet(now, now + 1)) {
                return FREE;
            }
            now = inside.get();
        }
        return now == GONE ? RETIRED : FULL;
    }

    @Override
    public void giveBack() {
        inside.decrementAndGet();
    }

    @Override
    public void most(int next) {
        most = next;
    }

    @Override
    public boolean retire(long nowNanos) {
        return inside.compareAndSet(0, GONE) || inside.get() == GONE;
    }
}
