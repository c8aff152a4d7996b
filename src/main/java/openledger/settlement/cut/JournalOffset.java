package openledger.settlement.cut;

import java.util.Comparator;

/**
 * A position between two records of a lane's journal. Batches take decisions in journal order, so the place where a batch ends is all that
 * must be known to make the next.
 *
 * @param chunk number of the chunk, 0 before the first
 * @param records records of that chunk that lie before the place; intents count
 */
public record JournalOffset(long chunk, int records) implements Comparable<JournalOffset> {
    public static final JournalOffset START = new JournalOffset(0, 0);
    private static final Comparator<JournalOffset> ORDER =
            Comparator.comparingLong(JournalOffset::chunk).thenComparingInt(JournalOffset::records);

    /** In the order of the journal. */
    @Override
    public int compareTo(JournalOffset other) {
        return ORDER.compare(this, other);
    }

    /** The later of two places. */
    static JournalOffset later(JournalOffset one, JournalOffset other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
