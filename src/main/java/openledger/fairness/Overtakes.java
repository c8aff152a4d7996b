package openledger.fairness;

/**
 * Counts, for one route and mode, how many later arrivals got a best-tier answer before a given request did not: one
 * bit for each of the last 65,536 arrivals, so a question costs a few hundred words and an answer one bit.
 *
 * <p>A request that is older than the window gets the count within the window, a lower bound. Safe for several threads.
 */
public final class Overtakes {
    private static final int WINDOW = 1 << 16;
    private static final int WORD_BITS = 64;

    private final long[] served = new long[WINDOW / WORD_BITS];
    private long arrivals;

    /** Enters a request; returns its place in the order of arrival, from 0. */
    public synchronized long arrive() {
        long place = arrivals++;
        served[word(place)] &= ~(1L << place);
        return place;
    }

    /** Notes that the request at {@code place} got a success head from the best tier. */
    public synchronized void servedByBestTier(long place) {
        if (arrivals - place <= WINDOW) {
            served[word(place)] |= 1L << place;
        }
    }

    /** How many requests that arrived after {@code place} have been served by the best tier so far. */
    public synchronized int after(long place) {
        long from = Math.max(place + 1, arrivals - WINDOW);
        int count = 0;
        long next = from;
        while (next < arrivals) {
            long wordEnd = Math.min(arrivals, (next | (WORD_BITS - 1)) + 1);
            long bits = served[word(next)] >>> next;
            int width = (int) (wordEnd - next);
            count += Long.bitCount(width == WORD_BITS ? bits : bits & ((1L << width) - 1));
            next = wordEnd;
        }
        return count;
    }

    private static int word(long place) {
        return (int) (place & (WINDOW - 1)) / WORD_BITS;
    }
}
