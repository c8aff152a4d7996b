package openledger.settlement;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.unit.Hash32;

/**
 * Port: what must survive us of a lane's way to the chain. Every write is durable when it completes, and is refused with
 * {@link LeaseLost} if another writer has taken the lane.
 */
public interface BatchStore {
    /**
     * Takes the lane's lease or renews it; empty while another writer holds it.
     *
     * @param term how long it is ours from now
     */
    Uni<Optional<Lease>> lease(Duration term);

    /** Where the lane stood when we stopped. */
    Uni<Resumption> resume();

    /** Keeps a batch and the place where it ended, together. */
    Uni<Void> append(Lease lease, CutBatch batch);

    /** Keeps a transaction of a batch, before it is sent for the first time; earlier ones stay known by their hash. */
    Uni<Void> signed(Lease lease, long sequence, SignedTransaction transaction);

    /** Keeps new levels, with their evidence. */
    Uni<Void> changed(Lease lease, List<Change> changes);

    /** Proof of being the one writer; {@code fence} grows each time a lane changes hands. */
    record Lease(long fence) {}

    /**
     * A batch whose level has changed.
     *
     * @param inclusion where it is now; empty after a demotion
     */
    record Change(long sequence, LevelChange level, Optional<Inclusion> inclusion) {}

    /**
     * Where a lane stands.
     *
     * @param sequence of its last batch, 0 if there is none
     * @param head of its last batch, {@link Hash32#ZERO} if there is none
     * @param lastSnapshot of its last batch
     * @param end where the next batch begins to read
     * @param unsettled batches that can still change their level, oldest first
     */
    record Resumption(long sequence, Hash32 head, long lastSnapshot, JournalPlace end, List<Unsettled> unsettled) {}

    /**
     * A batch that can still change its level.
     *
     * @param transactions all that were signed for it, oldest first; any of them may be the one that gets in
     */
    record Unsettled(
            CutBatch batch,
            ConfirmationLevel level,
            List<SignedTransaction> transactions,
            Optional<Inclusion> inclusion) {}

    /** Another writer has the lane. Nothing was written. */
    final class LeaseLost extends RuntimeException {
        public LeaseLost(String message) {
            super(message, null, false, false);
        }
    }
}
