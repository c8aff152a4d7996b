package openledger.settlement.witness;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.NoteKey;

/** Port: the cosignatures of one lane's log by the witnesses that are configured. Safe for several threads. */
public interface Cosignatures {
    /**
     * Keeps one, durable when it completes, and forgets those that are of no use any more.
     *
     * @param line without the newline at its end
     * @param at when it came
     */
    Uni<Void> keep(Checkpoint checkpoint, NoteKey witness, String line, Instant at);

    /** How far the log is cosigned. */
    Uni<Extent> extent();

    /** The lines of a checkpoint, in the order of the witnesses; empty if nobody has cosigned it. */
    Uni<List<String>> of(Checkpoint checkpoint);

    /**
     * The smallest checkpoint above an index that enough witnesses have cosigned; if there is none, the one with the most cosignatures, of
     * several the smallest; empty if nobody has cosigned any.
     */
    Uni<Optional<Cosigned>> covering(long index);

    /**
     * How far the log is cosigned.
     *
     * @param sizes the largest that each witness has cosigned; who has cosigned none is not in it
     * @param witnessed the largest with a quorum, 0 if there is none
     */
    record Extent(Map<NoteKey, Long> sizes, long witnessed) {
        public Extent {
            sizes = Map.copyOf(sizes);
        }
    }

    /**
     * A checkpoint and who has cosigned it.
     *
     * @param lines in the order of the witnesses
     */
    record Cosigned(Checkpoint checkpoint, List<String> lines) {
        public Cosigned {
            lines = List.copyOf(lines);
        }
    }
}
