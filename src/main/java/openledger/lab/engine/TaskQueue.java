package openledger.lab.engine;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The tasks of a run in virtual time: events of one moment happen in the order in which they were entered. Confined to one thread. */
public final class TaskQueue {
    private record Entry(double millis, long place, Runnable event) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparingDouble(Entry::millis).thenComparingLong(Entry::place));
    private long places;
    private double now;

    /** The moment of the event that happens, ms from the beginning. */
    public double now() {
        return now;
    }

    /** Enters an event, now or later. */
    public void at(double millis, Runnable event) {
        entries.add(new Entry(Math.max(now, millis), places++, event));
    }

    /** Lets everything happen until nothing is left. */
    public void run() {
        for (Entry next = entries.poll(); next != null; next = entries.poll()) {
            now = next.millis;
            next.event.run();
        }
    }
}
