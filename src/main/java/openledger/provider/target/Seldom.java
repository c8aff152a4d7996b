package openledger.provider.target;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Limits how often a warning is logged: one passes, and the next one only after a while. Thread-safe. */
public final class Seldom {
    private final long between;
    private final LongSupplier nanoTime;
    private final AtomicLong due;
    private final AtomicLong held = new AtomicLong();

    public Seldom(Duration between, LongSupplier nanoTime) {
        this.between = between.toNanos();
        this.nanoTime = nanoTime;
        this.due = new AtomicLong(nanoTime.getAsLong());
    }

    /** True if this one may pass. */
    public boolean isDue() {
        long now = nanoTime.getAsLong();
        long then = due.get();
        boolean passes = now - then >= 0 && due.compareAndSet(then, now + between);
        if (!passes) {
            held.incrementAndGet();
        }
        return passes;
    }

    /** How many were held back since this was last asked. */
    public long heldBack() {
        return held.getAndSet(0);
    }
}
