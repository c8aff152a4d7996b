package openledger.settlement;

/**
 * A place between two records of a lane's journal. Batches take decisions in journal order, so the place where a batch ends
 * is all that must be known to make the next.
 *
 * @param chunk number of the chunk, 0 before the first
 * @param records records of that chunk that lie before the place; intents count
 */
public record JournalPlace(long chunk, int records) {
    public static final JournalPlace START = new JournalPlace(0, 0);
}
