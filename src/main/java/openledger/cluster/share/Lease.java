package openledger.cluster.share;

import java.util.concurrent.atomic.AtomicLong;

/** Tokens that were granted at one time and end at one time. Thread-safe. */
final class Lease {
    /** When it was granted, by the engine's clock. */
    final long at;

    private final long size;
    private final long ends;
    private final AtomicLong left;

    /** One that ends at {@code ends} by our clock. */
    Lease(long size, long at, long ends) {
        this.size = size;
        this.at = at;
        this.ends = ends;
        this.left = new AtomicLong(size);
    }

    boolean take(long amount, long nowNanos) {
        if (isOver(nowNanos)) {
            return false;
        }
        long now = left.get();
        while (now >= amount) {
            if (left.compareAndSet(now, now - amount)) {
                return true;
            }
            now = left.get();
        }
        return false;
    }

    /** What is left; there is nothing then. */
    long drain() {
        return left.getAndSet(0);
    }

    long left() {
        return left.get();
    }

    boolean isOver(long nowNanos) {
        return nowNanos - ends >= 0;
    }

    /** Whether it is time to ask for the next. */
    boolean isHalfUsed() {
        return 2 * left.get() < size;
    }
}
