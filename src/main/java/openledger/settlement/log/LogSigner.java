package openledger.settlement.log;

import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import openledger.commitment.LeafStatement;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.CoseStatement;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/**
 * Signs a lane's log. A signature takes about a millisecond, so it is made on a worker; a checkpoint is signed once, whoever asks for it.
 * Thread-safe.
 */
public final class LogSigner {
    /** Checkpoints that are kept, about 500 bytes each. */
    private static final int MOST_KEPT = 1_024;

    private final NoteSigner signer;
    private final Executor workers;
    private final InstantSource clock;
    private final Map<Checkpoint, Uni<SignedNote>> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Checkpoint, Uni<SignedNote>> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /**
     * A signer.
     *
     * @param signer called like the origin of the log
     * @param clock for the time of receipts
     */
    public LogSigner(NoteSigner signer, Executor workers, InstantSource clock) {
        this.signer = signer;
        this.workers = workers;
        this.clock = clock;
    }

    /** The key with which others check the signatures. */
    public NoteKey key() {
        return signer.key();
    }

    /** The checkpoint of the log at a size, signed. Completes on any thread. */
    public Uni<SignedNote> checkpoint(long size, Hash32 root) {
        Checkpoint checkpoint = new Checkpoint(signer.key().name(), size, root);
        synchronized (kept) {
            return kept.computeIfAbsent(checkpoint, this::signed);
        }
    }

    private Uni<SignedNote> signed(Checkpoint checkpoint) {
        return Uni.createFrom()
                .item(() -> {
                    String text = checkpoint.toString();
                    return new SignedNote(text, List.of(signer.sign(text, 0)));
                })
                .runSubscriptionOn(workers)
                // The workers may be full for a moment: the next who asks tries again.
                .onFailure()
                .invoke(() -> forget(checkpoint))
                .memoize()
                .indefinitely();
    }

    private void forget(Checkpoint checkpoint) {
        synchronized (kept) {
            kept.remove(checkpoint);
        }
    }

    /** A leaf as a signed statement, with a receipt that it is in the log of that root. Completes on any thread. */
    public Uni<CoseStatement> statement(RequestId request, byte[] leaf, InclusionPath inclusion, Hash32 root) {
        return Uni.createFrom()
                .item(() -> LeafStatement.sign(
                        request, leaf, inclusion, root, clock.instant().getEpochSecond(), signer))
                .runSubscriptionOn(workers);
    }
}
