package openledger.settlement.log;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import openledger.commitment.log.ConsistencyPath;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.TilePath;
import openledger.unit.Hash32;

/** Port: one lane's log, as long as its newest batch has made it. Safe for several threads. */
public interface LogReads {
    /** The log after its newest batch. */
    Uni<Head> newest();

    /** The hashes of a tile, 32 bytes each, as many as its path says; empty if the log has not so many. */
    Uni<Optional<byte[]>> tile(TilePath path);

    /**
     * Leaves of the log, 96 bytes each, one behind the other; empty unless all of them are there.
     *
     * @param first index in the log, from 0
     * @param count 1 to 256
     */
    Uni<Optional<byte[]>> leaves(long first, int count);

    /** The proof that an entry is part of the log of so many entries. */
    Uni<InclusionPath> inclusion(long index, long size);

    /** The proof that the log of {@code size} entries begins with the log of {@code earlier} ones. */
    Uni<ConsistencyPath> consistency(long earlier, long size);

    /**
     * How long the log is, and its root.
     *
     * @param size leaves, from 0
     */
    record Head(long size, Hash32 root) {
        /** Of a log without leaves. */
        public static final Head EMPTY = new Head(0, LogHasher.EMPTY_ROOT);
    }
}
