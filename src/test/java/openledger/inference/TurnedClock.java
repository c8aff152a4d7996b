package openledger.inference;

import java.time.Duration;
import java.util.PriorityQueue;

/** Time that stands still until a test turns it. Confined to one thread. */
public final class TurnedClock implements Timekeeper {
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long now = 1_000_000_000L;
    private long order;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long epochMillis() {
        return now / 1_000_000;
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        Task entry = new Task(now + delay.toNanos(), order++, task);
        tasks.add(entry);
        return () -> tasks.remove(entry);
    }

    /** Lets {@code by} pass; what falls due meanwhile runs, in order. */
    public void advance(Duration by) {
        long until = now + by.toNanos();
        while (!tasks.isEmpty() && tasks.peek().at <= until) {
            Task next = tasks.remove();
            now = Math.max(now, next.at);
            next.task.run();
        }
        now = until;
    }

    /** Timers that are set. */
    public int pending() {
        return tasks.size();
    }

    private record Task(long at, long order, Runnable task) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
