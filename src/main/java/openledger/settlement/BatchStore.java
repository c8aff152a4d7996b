package openledger.settlement;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.log.LogEdge;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.cut.EndedRequests;
import openledger.settlement.cut.JournalOffset;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.SignedTransaction;
import openledger.settlement.receipt.LevelChange;
import openledger.unit.Hash32;

/**
 * Port: the durable state of a lane's batches on their way to the chain. Every write is durable when it completes, and is refused with
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

    /** Batches from a sequence on, oldest first, at most {@code limit}. */
    Uni<List<Unsettled>> load(long from, int limit);

    /**
     * Keeps a batch, its snapshots, its part of the log and the places where it ended, together.
     *
     * @param policies hashes of those that must be on chain before it
     */
    Uni<Void> append(Lease lease, CutBatch batch, List<Hash32> policies, Instant at);

    /** Keeps a transaction of a batch, before it is sent for the first time; earlier ones stay known by their hash. */
    Uni<Void> signed(Lease lease, long sequence, SignedTransaction transaction);

    /** Keeps new levels, with their evidence. */
    Uni<Void> changed(Lease lease, List<Change> changes);

    /** Puts every batch from a sequence on back to RECORDED: the chain has forgotten it, or may have. */
    Uni<Void> demoted(Lease lease, long from, Instant at);

    /** Makes SETTLED of batches that were FINALIZED by then, some at a time; how many it were. */
    Uni<Integer> settled(Lease lease, Instant finalizedBy, Instant at);

    /** Gives the lease back, so that another writer need not wait for its end. */
    Uni<Void> release(Lease lease);

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
     * @param log the lane's log after it
     * @param ended whose outcomes are in the log
     * @param plansEnd where the next batch begins to read plans
     * @param end where the next batch begins to read outcomes
     * @param unfinished the oldest batch that is not FINALIZED; the next batch's sequence if there is none
     */
    record Resumption(
            long sequence,
            Hash32 head,
            long lastSnapshot,
            LogEdge log,
            EndedRequests ended,
            JournalOffset plansEnd,
            JournalOffset end,
            long unfinished) {
        public static final Resumption START = new Resumption(
                0, Hash32.ZERO, 0, LogEdge.EMPTY, EndedRequests.NONE, JournalOffset.START, JournalOffset.START, 1);
    }

    /**
     * A batch on its way, without what is large.
     *
     * @param policies hashes of those that must be on chain before it
     * @param since when it reached its level
     * @param transactions all that were signed for it, oldest first; any of them may be the one that gets in
     */
    record Unsettled(
            BatchHeader header,
            Hash32 head,
            List<Hash32> policies,
            ConfirmationLevel level,
            Instant since,
            List<SignedTransaction> transactions,
            Optional<Inclusion> inclusion) {
        /** Place in its lane, from 1. */
        public long sequence() {
            return header.sequence();
        }
    }

    /** Another writer has the lane. Nothing was written. */
    final class LeaseLost extends RuntimeException {
        public LeaseLost(String message) {
            super(message, null, false, false);
        }
    }
}
