package openledger.settlement.log;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;

/** Port: the batches of one lane with what is large of them, which an export copies and retention drops. Safe for several threads. */
public interface BatchData {
    /** Batches behind a sequence, oldest first. */
    Uni<List<Kept>> after(long sequence, int limit);

    /** The oldest batch whose data are still there, if all bundles with its leaves are full; empty if there is none. */
    Uni<Optional<Kept>> oldest();

    /**
     * Drops the data of a batch, all at once; header, counters, levels and tiles stay. Only one that is final is dropped, and only once.
     */
    Uni<Void> drop(long sequence);

    /**
     * A batch.
     *
     * @param data empty once they were dropped
     */
    record Kept(BatchHeader header, ConfirmationLevel level, Instant cutAt, Optional<Data> data) {}

    /**
     * What is large of a batch.
     *
     * @param leaves 96 bytes each; never changed after construction
     * @param records never changed after construction
     * @param snapshots never changed after construction
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares it
    record Data(byte[] leaves, byte[] records, List<byte[]> snapshots) {
        public Data {
            snapshots = List.copyOf(snapshots);
        }
    }
}
