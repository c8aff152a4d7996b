package openledger.cluster;

import java.util.concurrent.atomic.AtomicIntegerArray;
import openledger.unit.ResendKey;

/**
 * Which ranges let requests in, and how many run in each. A gate is closed in one step with the look whether anything runs behind it, so
 * nothing begins in a range that is being given away. Thread-safe.
 */
public final class RangeGates {
    private static final int OPEN = 1;
    private static final int ONE = 2;
    /** By range: twice the number of requests that run in it, and one more if it is open. */
    private final AtomicIntegerArray gates = new AtomicIntegerArray(ResendKey.RANGES);

    /** All are closed. */
    public RangeGates() {}

    /** A request goes in; false if the gate is closed. */
    public boolean enter(int range) {
        int now = gates.get(range);
        while ((now & OPEN) != 0) {
            int seen = gates.compareAndExchange(range, now, now + ONE);
            if (seen == now) {
                return true;
            }
            now = seen;
        }
        return false;
    }

    /** One that went in has ended. */
    public void leave(int range) {
        gates.addAndGet(range, -ONE);
    }

    public void open(int range) {
        gates.getAndUpdate(range, now -> now | OPEN);
    }

    /** Closes it if nothing runs behind it, or was closed; true if it is closed and nothing does. */
    public boolean closeIfIdle(int range) {
        return gates.compareAndSet(range, OPEN, 0) || gates.get(range) == 0;
    }

    /** Closes it whatever runs behind it: it is not ours any more. */
    public void close(int range) {
        gates.getAndUpdate(range, now -> now & ~OPEN);
    }

    public boolean isOpen(int range) {
        return (gates.get(range) & OPEN) != 0;
    }

    /** Requests that run behind it. */
    public int running(int range) {
        return gates.get(range) / ONE;
    }
}
