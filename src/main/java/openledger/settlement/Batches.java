package openledger.settlement;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/** Port: reading batches back, of any lane of this database. Safe for several threads. */
public interface Batches {
    /** One batch. */
    Uni<Optional<SettledBatch>> batch(LaneId lane, long sequence);

    /** Batches of a lane with a sequence below {@code before}, newest first. */
    Uni<List<SettledBatch>> list(LaneId lane, long before, int limit);

    /** All leaves of a batch, 96 bytes each. */
    Uni<Optional<byte[]>> leaves(LaneId lane, long sequence);

    /** The records of a batch, for those who replay. */
    Uni<Optional<byte[]>> records(LaneId lane, long sequence);

    /** The batch that a request's outcome is in, and its place there; empty while it is in none. */
    Uni<Optional<Located>> locate(RequestId id);

    /**
     * A leaf's place.
     *
     * @param leaves all leaves of the batch, 96 bytes each
     * @param index of the leaf, from 0
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares it
    record Located(SettledBatch batch, byte[] leaves, int index) {}
}
