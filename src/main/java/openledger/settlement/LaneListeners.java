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

/** Several listeners as one, called in order. */
record LaneListeners(List<LaneListener> all) implements LaneListener {
    LaneListeners {
        all = List.copyOf(all);
    }

    @Override
    public void passed(Step step) {
        all.forEach(each -> each.passed(step));
    }

    @Override
    public void lease(LeaseChange change) {
        all.forEach(each -> each.lease(change));
    }

    @Override
    public void cut(BatchCut.Reason reason, CutBatch batch) {
        all.forEach(each -> each.cut(reason, batch));
    }

    @Override
    public void sent(Sent how) {
        all.forEach(each -> each.sent(how));
    }

    @Override
    public void paid(Inclusion inclusion) {
        all.forEach(each -> each.paid(inclusion));
    }

    @Override
    public void promoted(long sequence, ConfirmationLevel to, Duration sinceEnd) {
        all.forEach(each -> each.promoted(sequence, to, sinceEnd));
    }

    @Override
    public void demoted(long batches) {
        all.forEach(each -> each.demoted(batches));
    }

    @Override
    public void looked(BlockRef newest) {
        all.forEach(each -> each.looked(newest));
    }

    @Override
    public void waits(Optional<Instant> since) {
        all.forEach(each -> each.waits(since));
    }

    @Override
    public void backlog(Backlog backlog) {
        all.forEach(each -> each.backlog(backlog));
    }
}
