package openledger.settlement;

import java.time.Duration;
import openledger.commitment.BatchCut;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.SequencerSettings.Backlog;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.ledger.Inclusion;

/** Port: what is measured of settlement. Safe for several threads. */
public interface SettlementMetrics {
    /** Measures nothing. */
    SettlementMetrics NONE = new SettlementMetrics() {
        @Override
        public void cut(BatchCut.Reason reason, CutBatch batch) {}

        @Override
        public void reached(ConfirmationLevel level, Duration sinceEnd, long sequence) {}

        @Override
        public void paid(Inclusion inclusion) {}

        @Override
        public void demoted(long batches) {}

        @Override
        public void sent(Sent how) {}

        @Override
        public void lease(LeaseChange change) {}

        @Override
        public void backlog(Backlog backlog) {}
    };

    /** A batch was cut. */
    void cut(BatchCut.Reason reason, CutBatch batch);

    /** The batch of that number has come further, so long after its last leaf. */
    void reached(ConfirmationLevel level, Duration sinceEnd, long sequence);

    /** A transaction of ours is in a block, whatever its effect. */
    void paid(Inclusion inclusion);

    /** A reorg has put batches back. */
    void demoted(long batches);

    /** A transaction was sent. */
    void sent(Sent how);

    /** The lane has changed hands. */
    void lease(LeaseChange change);

    /** What waits now. */
    void backlog(Backlog backlog);

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
}
