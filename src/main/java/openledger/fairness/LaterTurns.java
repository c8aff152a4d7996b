package openledger.fairness;

/**
 * Counts, for one route in confirmed mode, how many requests of each turn got a best-tier answer: so that a request that did not
 * can say how many of a later turn did. Requests of one turn are nobody's predecessors, so {@link Overtakes}, which goes by
 * single arrivals, would blame the lot.
 *
 * <p>The last 16,384 turns are kept, half an hour of epochs of 100 ms; what is older is not counted any more, so an answer is a
 * lower bound. Safe for several threads.
 */
public final class LaterTurns {
    private static final int WINDOW = 1 << 14;

    /** Not there before the first answer: most routes are never asked in confirmed mode. */
    private int[] served = new int[0];

    private long newest = -1;

    /** A request of that turn got a success head from the best tier. */
    public synchronized void served(long turn) {
        if (served.length == 0) {
            served = new int[WINDOW];
        }
        if (turn > newest) {
            long from = Math.max(newest + 1, turn - WINDOW + 1);
            for (long passed = from; passed <= turn; passed++) {
                served[slot(passed)] = 0;
            }
            newest = turn;
        }
        if (turn > newest - WINDOW) {
            served[slot(turn)]++;
        }
    }

    /** How many requests of turns after {@code turn} have been served by the best tier so far. */
    public synchronized int servedAfter(long turn) {
        int count = 0;
        for (long later = Math.max(turn + 1, newest - WINDOW + 1); later <= newest; later++) {
            if (later >= 0) {
                count += served[slot(later)];
            }
        }
        return count;
    }

    private static int slot(long turn) {
        return (int) (turn & (WINDOW - 1));
    }
}
