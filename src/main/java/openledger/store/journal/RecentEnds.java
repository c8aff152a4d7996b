package openledger.store.journal;

import java.util.OptionalLong;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/**
 * The chunk of the journal in which each request of our lane ended, until its row has been derived: until then, a request can be found by
 * this alone, however many commits lie between its intent and its end. A table in which a counter has one place, so that the counters of a
 * burst, which follow each other, do not meet; it grows with what is not derived and is small again once all is. At most 64 MiB, for {@link
 * #MOST} requests; of two that then meet, the older is forgotten. Thread-safe.
 */
public final class RecentEnds {
    /** Requests that there is room for: half an hour at 2,000 a second, and the projector is never so far behind. */
    static final int MOST = 1 << 22;

    private static final int FEWEST = 1 << 10;

    private final LaneId lane;
    /** Counters begin at 1, so 0 is a free place. */
    private long[] counters = new long[FEWEST];

    private long[] chunks = new long[FEWEST];
    private long newest;
    private long derived;

    /** Of a lane of which nothing is known. */
    public RecentEnds(LaneId lane) {
        this.lane = lane;
    }

    /** The chunk is durable, and these requests end in it. */
    synchronized void ended(long[] ended, long chunk) {
        for (long counter : ended) {
            ended(counter, chunk);
        }
    }

    /** The same of one request. */
    synchronized void ended(long counter, long chunk) {
        if (chunk <= derived) {
            return;
        }
        newest = Math.max(newest, chunk);
        while (isTaken(place(counter), counter) && counters.length < MOST) {
            grow();
        }
        int place = place(counter);
        counters[place] = counter;
        chunks[place] = chunk;
    }

    private int place(long counter) {
        return (int) (counter & (counters.length - 1));
    }

    private boolean isTaken(int place, long counter) {
        return counters[place] != 0 && counters[place] != counter && chunks[place] > derived;
    }

    private void grow() {
        long[] before = counters;
        long[] chunksBefore = chunks;
        counters = new long[2 * before.length];
        chunks = new long[2 * before.length];
        for (int i = 0; i < before.length; i++) {
            if (before[i] != 0 && chunksBefore[i] > derived) {
                counters[place(before[i])] = before[i];
                chunks[place(before[i])] = chunksBefore[i];
            }
        }
    }

    /** All requests that ended in chunks up to this one have rows. */
    public synchronized void derived(long chunk) {
        derived = Math.max(derived, chunk);
        if (newest <= derived && counters.length > FEWEST) {
            counters = new long[FEWEST];
            chunks = new long[FEWEST];
        }
    }

    /** The chunk in which a request ended; empty if it has not, has a row, or is of another lane. */
    synchronized OptionalLong chunkOf(RequestId id) {
        int place = place(id.counter());
        boolean isHere = id.lane() == lane.value() && counters[place] == id.counter() && chunks[place] > derived;
        return isHere ? OptionalLong.of(chunks[place]) : OptionalLong.empty();
    }

    /** Places that there are now. */
    synchronized int places() {
        return counters.length;
    }
}
