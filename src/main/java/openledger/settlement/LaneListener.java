package openledger.settlement;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchCut;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.SequencerSettings.Backlog;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;

/**
 * Port: receives the events of a lane, once they are stored. A listener overrides what it needs. Each method is called on the sequencer's
 * event loop and must not block; an exception ends the lane's session as a failure of the database does.
 */
public interface LaneListener {
    /** Ignores everything. */
    LaneListener NONE = new LaneListener() {};

    /** All of these, in this order. */
    static LaneListener of(LaneListener... all) {
        return new LaneListeners(List.of(all));
    }

    /**
     * A step is complete. A step that has a method of its own is passed here unless the listener overrides that method. A test may end
     * the process in any of them: what was done is in the database or on the chain, and the next start finds it.
     */
    default void passed(Step step) {}

    /** The lane has changed hands. */
    default void lease(LeaseChange change) {
        if (change == LeaseChange.TAKEN) {
            passed(Step.RESUMED);
        }
    }

    /** A batch was cut. */
    default void cut(BatchCut.Reason reason, CutBatch batch) {
        passed(Step.CUT_STORED);
    }

    /** A transaction was handed to the node. */
    default void sent(Sent how) {
        passed(Step.SENT);
    }

    /** A transaction of ours is in a block, whatever its effect. */
    default void paid(Inclusion inclusion) {}

    /** A batch has reached a higher level, so long after its last leaf. */
    default void promoted(long sequence, ConfirmationLevel to, Duration sinceEnd) {}

    /** A reorg has put so many batches back to RECORDED. */
    default void demoted(long batches) {
        passed(Step.DEMOTED_STORED);
    }

    /** The chain was read, and this is its newest block. */
    default void looked(BlockRef newest) {}

    /** Since when the oldest plan or batch waits for the chain; empty if nothing does. */
    default void waits(Optional<Instant> since) {}

    /** What is not on chain yet. */
    default void backlog(Backlog backlog) {}

    /** How a transaction was sent. */
    enum Sent {
        FIRST,
        AGAIN,
        REPLACEMENT
    }

    /** Which way the lane went. */
    enum LeaseChange {
        TAKEN,
        LOST
    }

    /** Steps, in the order in which a batch takes them. */
    enum Step {
        LEASED,
        RESUMED,
        ASSEMBLED,
        CUT_STORED,
        LANE_OPENED,
        POLICY_PUBLISHED,
        SIGNED,
        SIGNED_STORED,
        SENT,
        ANSWERED,
        DEMOTED_STORED,
        LEVELS_STORED
    }
}
