package openledger.settlement.receipt;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogEdge;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/** Port: reading batches back, of any lane of this database. Safe for several threads. */
public interface Batches {
    /** Batches that are summed up in one step. */
    int TALLIED_AT_ONCE = 1_000;

    /** One batch. */
    Uni<Optional<SettledBatch>> batch(LaneId lane, long sequence);

    /** Batches of a lane with a sequence below {@code before}, newest first. */
    Uni<List<SettledBatch>> list(LaneId lane, long before, int limit);

    /** All leaves of a batch, 96 bytes each. */
    Uni<Optional<byte[]>> leaves(LaneId lane, long sequence);

    /** The records of a batch, for those who replay. */
    Uni<Optional<byte[]>> records(LaneId lane, long sequence);

    /** The roots of the complete trees that a lane's log is made of at a size, largest first ({@link LogEdge#trees}). */
    Uni<List<Hash32>> trees(LaneId lane, long size);

    /** The batches that a request's leaves are in, and their places in the log. */
    Uni<Leaves> locate(RequestId id);

    /** A snapshot of a lane, and its batch; empty while it is in none. */
    Uni<Optional<LocatedSnapshot>> snapshot(LaneId lane, long number);

    /** All snapshots of a batch, each as {@link openledger.commitment.SnapshotEncoding} has it; empty if the batch has none. */
    default Uni<List<byte[]>> snapshots(BatchHeader batch) {
        return batch.lastSnapshot() < batch.firstSnapshot()
                ? Uni.createFrom().item(List.of())
                : snapshot(batch.lane(), batch.firstSnapshot())
                        .map(found -> found.map(LocatedSnapshot::snapshots).orElse(List.of()));
    }

    /**
     * What a lane's batches up to and including {@code sequence} say together. An implementation that can sum up where the
     * batches are should: this one reads all of them.
     */
    default Uni<Tally> tally(LaneId lane, long sequence) {
        return tally(lane, sequence + 1, Tally.NONE);
    }

    private Uni<Tally> tally(LaneId lane, long before, Tally above) {
        return list(lane, before, TALLIED_AT_ONCE).chain(page -> {
            Tally sum = page.stream().map(SettledBatch::header).reduce(above, Tally::plus, Tally::plus);
            boolean more = page.size() == TALLIED_AT_ONCE;
            return more
                    ? tally(lane, page.getLast().header().sequence(), sum)
                    : Uni.createFrom().item(sum);
        });
    }

    /**
     * Sums over a lane's first batches.
     *
     * @param highestCounter highest request counter of any leaf, 0 if there is none
     * @param outcomes how many of their leaves are outcomes; each request has exactly one
     */
    record Tally(long highestCounter, long outcomes) {
        public static final Tally NONE = new Tally(0, 0);

        /** With one more batch. */
        public Tally plus(BatchHeader header) {
            return new Tally(Math.max(highestCounter, header.lastCounter()), outcomes + header.outcomes());
        }

        Tally plus(Tally other) {
            return new Tally(Math.max(highestCounter, other.highestCounter), outcomes + other.outcomes);
        }

        /** How many requests up to the highest counter have no outcome yet. */
        public long withoutLeaf() {
            return highestCounter - outcomes;
        }
    }

    /**
     * A leaf's place.
     *
     * @param leaf its 96 bytes; never changed after construction
     * @param proof that it is part of the lane's log as it was after its batch
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares it
    record Located(SettledBatch batch, byte[] leaf, InclusionPath proof) {}

    /**
     * The leaves of a request, as far as they are in batches.
     *
     * @param plan empty in mode FAST, while it is in no batch, and if the request ended before it had one
     * @param outcome empty while it is in no batch
     */
    record Leaves(Optional<Located> plan, Optional<Located> outcome) {
        public static final Leaves NONE = new Leaves(Optional.empty(), Optional.empty());
    }

    /**
     * A snapshot's place.
     *
     * @param snapshots all snapshots of the batch, each as {@link openledger.commitment.SnapshotEncoding} has it
     * @param index of the snapshot, from 0
     */
    record LocatedSnapshot(SettledBatch batch, List<byte[]> snapshots, int index) {
        public LocatedSnapshot {
            snapshots = List.copyOf(snapshots);
        }
    }
}
