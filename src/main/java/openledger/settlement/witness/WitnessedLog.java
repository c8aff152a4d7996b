package openledger.settlement.witness;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.SignedNote;
import openledger.settlement.log.LogReads;
import openledger.settlement.log.LogReads.Head;
import openledger.settlement.log.LogSigner;
import openledger.settlement.witness.Cosignatures.Cosigned;

/** A lane's log with the cosignatures of its witnesses, for those who read it. Thread-safe. */
public final class WitnessedLog {
    private final int quorum;
    private final LogReads reads;
    private final LogSigner signer;
    private final Cosignatures kept;

    /**
     * A log.
     *
     * @param quorum cosignatures that a checkpoint needs to count as witnessed
     */
    public WitnessedLog(int quorum, LogReads reads, LogSigner signer, Cosignatures kept) {
        this.quorum = quorum;
        this.reads = reads;
        this.signer = signer;
        this.kept = kept;
    }

    /**
     * Who has seen an entry in the log.
     *
     * @param quorum that is asked for
     * @param isMet whether the checkpoint has it
     * @param proof empty if nobody has cosigned a checkpoint above the entry
     */
    public record Witnessed(int quorum, boolean isMet, Optional<Proof> proof) {}

    /**
     * A checkpoint, signed by the log and its witnesses, and the way of the entry to its root.
     *
     * @param note the log's signature first, then those of the witnesses in their order
     */
    public record Proof(SignedNote note, InclusionPath inclusion) {}

    /** The checkpoint of a head of the log, with the cosignatures that are there. Completes on any thread. */
    public Uni<SignedNote> checkpoint(Head head) {
        return kept.of(new Checkpoint(signer.key().name(), head.size(), head.root()))
                .chain(lines -> signer.checkpoint(head.size(), head.root()).map(note -> joined(note, lines)));
    }

    /** Who has seen the entry at a place in the log. Completes on any thread. */
    public Uni<Witnessed> covering(long index) {
        return kept.covering(index)
                .chain(found -> found.map(cosigned -> proved(index, cosigned))
                        .orElseGet(() -> Uni.createFrom().item(new Witnessed(quorum, false, Optional.empty()))));
    }

    private Uni<Witnessed> proved(long index, Cosigned cosigned) {
        Checkpoint checkpoint = cosigned.checkpoint();
        List<String> lines = cosigned.lines();
        return reads.inclusion(index, checkpoint.size())
                .chain(path -> signer.checkpoint(checkpoint.size(), checkpoint.root())
                        .map(note -> new Proof(joined(note, lines), path)))
                .map(proof -> new Witnessed(quorum, lines.size() >= quorum, Optional.of(proof)));
    }

    private static SignedNote joined(SignedNote note, List<String> lines) {
        return lines.isEmpty() ? note : SignedNote.parse(note + String.join("\n", lines) + "\n");
    }
}
