package openledger.settlement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.BatchStore.Resumption;
import openledger.settlement.BatchStore.Unsettled;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.cut.JournalOffset;
import openledger.settlement.decide.LaneSnapshot;
import openledger.settlement.decide.NextStep;
import openledger.settlement.decide.SubmissionState;
import openledger.settlement.decide.SubmissionState.Answer;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.SignedTransaction;
import openledger.unit.Hash32;

/** The state of our lane in memory; the database has the same and more. Confined to the sequencer's event loop. */
public final class LaneCache {
    private final List<Unsettled> batches = new ArrayList<>();
    private final Map<Long, SubmissionState> sendings = new HashMap<>();
    private final Map<Long, Inclusion> seen = new HashMap<>();
    private long first;
    /** The newest batch. */
    private Predecessor newest;

    private JournalOffset plansEnd;
    private JournalOffset end;
    private long newestBlock;
    private Optional<Instant> behindSince = Optional.empty();
    private int reverts;
    private Instant careUntil = Instant.MIN;

    LaneCache(Resumption at) {
        first = at.unfinished();
        newest = new Predecessor(at.sequence(), at.head(), at.lastSnapshot(), at.log(), at.ended());
        plansEnd = at.plansEnd();
        end = at.end();
    }

    public LaneSnapshot state() {
        return new LaneSnapshot(
                newest.sequence(),
                newest.head(),
                first,
                batches,
                sendings,
                newestBlock,
                behindSince,
                reverts,
                careUntil);
    }

    public long last() {
        return newest.sequence();
    }

    /** What the next batch comes after. */
    public Predecessor newest() {
        return newest;
    }

    public JournalOffset plansEnd() {
        return plansEnd;
    }

    public JournalOffset end() {
        return end;
    }

    /** Batches held that are not in a block as far as we know. */
    public List<Unsettled> waiting() {
        return batches.stream()
                .filter(batch -> !batch.level().reaches(ConfirmationLevel.SEQUENCED))
                .toList();
    }

    /** True if every batch that is not finished is held, so that another can be cut. */
    public boolean isComplete() {
        return held() == last();
    }

    /** Sequence of the newest batch held, one less than the first if none is. */
    long held() {
        return first + batches.size() - 1;
    }

    public void cut(CutBatch batch, List<Hash32> policies, Instant at) {
        batches.add(new Unsettled(
                batch.header(), batch.head(), policies, ConfirmationLevel.RECORDED, at, List.of(), Optional.empty()));
        newest = Predecessor.of(batch);
        plansEnd = batch.plansEnd();
        end = batch.end();
    }

    /** Takes what was read from the store: behind what is held if it follows, else in its place. */
    void loaded(List<Unsettled> read) {
        if (read.isEmpty()) {
            return;
        }
        if (read.getFirst().sequence() != held() + 1) {
            batches.clear();
            sendings.clear();
            seen.clear();
            first = read.getFirst().sequence();
        }
        batches.addAll(read);
    }

    public void signed(long sequence, SignedTransaction transaction) {
        change(sequence, batch -> {
            List<SignedTransaction> more = new ArrayList<>(batch.transactions());
            more.add(transaction);
            return with(batch, batch.level(), batch.since(), more, batch.inclusion());
        });
    }

    void promoted(NextStep.Promote promotion, Instant at) {
        long sequence = promotion.batch().sequence();
        boolean included = promotion.to().reaches(ConfirmationLevel.SEQUENCED);
        change(
                sequence,
                batch -> with(
                        batch,
                        promotion.to(),
                        at,
                        // Read again if a reorg asks for them: thousands of batches wait to become final.
                        included ? List.of() : batch.transactions(),
                        Optional.of(promotion.inclusion())));
        // From now on it is asked whether the receipt is still there.
        seen.remove(sequence);
        if (included) {
            sendings.remove(sequence);
            reverts = 0;
            careUntil = Instant.MIN;
        }
    }

    /** Lets go of those that are final. */
    void trim() {
        while (!batches.isEmpty() && batches.getFirst().level().reaches(ConfirmationLevel.FINALIZED)) {
            batches.removeFirst();
            first++;
        }
    }

    void forgetFrom(long sequence) {
        batches.removeIf(batch -> batch.sequence() >= sequence);
        first = Math.min(first, sequence);
        sendings.clear();
        seen.clear();
    }

    public void sent(long sequence, SignedTransaction transaction, long block, Instant now) {
        SubmissionState before = sendings.get(sequence);
        sendings.put(
                sequence,
                before != null && before.transaction().equals(transaction.hash())
                        ? before.again(now)
                        : new SubmissionState(transaction.hash(), now, block, now, Answer.AWAITED));
    }

    public void answered(long sequence, Hash32 transaction, Answer answer) {
        SubmissionState sending = sendings.get(sequence);
        if (sending != null && sending.transaction().equals(transaction)) {
            sendings.put(sequence, sending.answered(answer));
        }
    }

    /**
     * A receipt that came as an answer; spares a question as long as its block stands. One that did what it was for counts more
     * than one of another transaction that reverted, whichever came first.
     */
    public void saw(long sequence, Inclusion inclusion) {
        boolean waits = sequence >= first
                && sequence <= held()
                && !batches.get(Math.toIntExact(sequence - first)).level().reaches(ConfirmationLevel.SEQUENCED);
        if (!waits) {
            return;
        }
        seen.merge(sequence, inclusion, (known, next) -> known.effect() == Effect.DONE ? known : next);
    }

    public Optional<Inclusion> seen(long sequence) {
        return Optional.ofNullable(seen.get(sequence));
    }

    public void unsee(long sequence) {
        seen.remove(sequence);
    }

    void reverted(long sequence, Instant until) {
        reverts++;
        careUntil = until;
        sendings.remove(sequence);
        seen.remove(sequence);
    }

    /** No commit before. */
    void careUntil(Instant until) {
        careUntil = until;
    }

    void looked(LedgerView view, boolean believed, Instant now) {
        if (believed) {
            newestBlock = view.latest().number();
            behindSince = Optional.empty();
        } else if (behindSince.isEmpty()) {
            behindSince = Optional.of(now);
        }
    }

    private void change(long sequence, UnaryOperator<Unsettled> to) {
        int at = Math.toIntExact(sequence - first);
        if (at >= 0 && at < batches.size()) {
            batches.set(at, to.apply(batches.get(at)));
        }
    }

    private static Unsettled with(
            Unsettled batch,
            ConfirmationLevel level,
            Instant since,
            List<SignedTransaction> transactions,
            Optional<Inclusion> inclusion) {
        return new Unsettled(batch.header(), batch.head(), batch.policies(), level, since, transactions, inclusion);
    }
}
