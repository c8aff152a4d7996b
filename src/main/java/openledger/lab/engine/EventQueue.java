package openledger.lab.engine;

import java.util.Arrays;

/**
 * The events of a run in virtual time, as plain numbers: a heap of four children a node over two arrays, so an event costs no object.
 * Events of one moment happen in the order in which they were entered. Confined to one thread.
 */
final class EventQueue {
    private static final int CHILDREN = 4;
    private static final int FIRST_ROOM = 1 << 10;
    private static final long EVENT = 0xffff_ffffL;

    private double[] moments = new double[FIRST_ROOM];
    /** Place of entry in the upper half, the event in the lower one. */
    private long[] entries = new long[FIRST_ROOM];

    private int size;
    private long places;
    private double now;

    /** Forgets all, and begins anew. */
    void clear() {
        size = 0;
        places = 0;
        now = 0;
    }

    /** The moment of the event that happens, ms from the beginning. */
    double now() {
        return now;
    }

    /** When the next event is; infinite if there is none. */
    double next() {
        return size == 0 ? Double.POSITIVE_INFINITY : moments[0];
    }

    /** What happens outside has got so far. */
    void advanceTo(double millis) {
        now = millis;
    }

    /**
     * Enters an event, now or later.
     *
     * @param event 0 or more
     */
    void at(double millis, int event) {
        if (size == moments.length) {
            moments = Arrays.copyOf(moments, size * 2);
            entries = Arrays.copyOf(entries, size * 2);
        }
        up(size++, Math.max(now, millis), places++ << Integer.SIZE | event);
    }

    /** Takes out the next event; there must be one. */
    int take() {
        now = moments[0];
        int event = (int) (entries[0] & EVENT);
        size--;
        down(moments[size], entries[size]);
        return event;
    }

    private void up(int from, double moment, long entry) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) / CHILDREN;
            if (!isBefore(moment, entry, parent)) {
                break;
            }
            moments[at] = moments[parent];
            entries[at] = entries[parent];
            at = parent;
        }
        moments[at] = moment;
        entries[at] = entry;
    }

    private void down(double moment, long entry) {
        int at = 0;
        while (true) {
            int first = at * CHILDREN + 1;
            if (first >= size) {
                break;
            }
            int least = first;
            int end = Math.min(first + CHILDREN, size);
            for (int child = first + 1; child < end; child++) {
                if (isBefore(moments[child], entries[child], least)) {
                    least = child;
                }
            }
            if (isBefore(moment, entry, least)) {
                break;
            }
            moments[at] = moments[least];
            entries[at] = entries[least];
            at = least;
        }
        moments[at] = moment;
        entries[at] = entry;
    }

    private boolean isBefore(double moment, long entry, int other) {
        return moment < moments[other] || (moment == moments[other] && entry < entries[other]);
    }
}
