package openledger.settlement;

import java.util.Comparator;

/**
 * A place between two records of a lane's journal. Batches take decisions in journal order, so the place where a batch ends
 * is all that must be known to make the next.
 *
 * @param chunk number of the chunk, 0 before the first
 * @param records records of that chunk that lie before the place; intents count
 */
public record JournalPlace(long chunk, int records) implements Comparable<JournalPlace> {
    public static final JournalPlace START = new JournalPlace(0, 0);
    private static final Comparator<JournalPlace> ORDER =
            Comparator.comparingLong(JournalPlace::chunk).thenComparingInt(JournalPlace::records);

    /** In the order of the journal. */
    @Override
    public int compareTo(JournalPlace other) {
        return ORDER.compare(this, other);
    }

    /** The later of two places. */
    static JournalPlace later(JournalPlace one, JournalPlace other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
