package openledger.wiring.loop;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import openledger.inference.Timekeeper;

/**
 * The machine's clocks, and timers that fire on the event loop that set them. Nearly every timer is a time-out that is
 * cancelled long before it is due, and most have one of a few lengths; so each event loop keeps a list per length, in
 * which a timer is entered last and due first, and only the head of a list has a timer of Vert.x. Thread-safe.
 */
public final class VertxTimekeeper implements Timekeeper {
    private static final long NANOS_A_MILLI = 1_000_000;

    private final Vertx vertx;
    private final ThreadLocal<Map<Long, DueList>> lists = ThreadLocal.withInitial(HashMap::new);

    public VertxTimekeeper(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long epochMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        long millis = Math.max(1, Math.ceilDiv(delay.toNanos(), NANOS_A_MILLI));
        Map<Long, DueList> ofThisLoop = lists.get();
        return ofThisLoop
                .computeIfAbsent(millis, length -> new DueList(length, ofThisLoop))
                .add(task);
    }

    /** Timers of one length, oldest first. Confined to its event loop. */
    private final class DueList {
        private final long millis;
        private final Map<Long, DueList> lists;
        private final Entry ends = new Entry(() -> {}, 0);

        DueList(long millis, Map<Long, DueList> lists) {
            this.millis = millis;
            this.lists = lists;
            arm(millis);
        }

        Timer add(Runnable task) {
            Entry entry = new Entry(task, System.nanoTime() + millis * NANOS_A_MILLI);
            entry.insertBefore(ends);
            return entry;
        }

        private void arm(long wait) {
            vertx.setTimer(Math.max(1, wait), fired -> fire());
        }

        private void fire() {
            long now = System.nanoTime();
            try {
                for (Entry head = ends.next; head != ends && head.dueNanos <= now; head = ends.next) {
                    head.cancel();
                    head.task.run();
                }
            } finally {
                // A task that fails must not keep the others from their turn.
                if (ends.next == ends) {
                    lists.remove(millis);
                } else {
                    arm(Math.ceilDiv(ends.next.dueNanos - now, NANOS_A_MILLI));
                }
            }
        }
    }

    /** A timer, linked in its list until it is cancelled or due. */
    private static final class Entry implements Timer {
        private final Runnable task;
        private final long dueNanos;
        private Entry previous = this;
        private Entry next = this;

        Entry(Runnable task, long dueNanos) {
            this.task = task;
            this.dueNanos = dueNanos;
        }

        void insertBefore(Entry other) {
            previous = other.previous;
            next = other;
            previous.next = this;
            other.previous = this;
        }

        @Override
        public void cancel() {
            previous.next = next;
            next.previous = previous;
            previous = this;
            next = this;
        }
    }
}
