package openledger.settlement.submit;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import openledger.settlement.BatchStore.Lease;
import openledger.settlement.BatchStore.Unsettled;
import openledger.settlement.ChainNews;
import openledger.settlement.LaneCache;
import openledger.settlement.LaneListener.Sent;
import openledger.settlement.LaneListener.Step;
import openledger.settlement.LoopConfinement;
import openledger.settlement.SequencerPorts;
import openledger.settlement.SequencerSettings;
import openledger.settlement.SequencerSettings.LaneAccounts;
import openledger.settlement.SequencerSettings.LeafPosting;
import openledger.settlement.cut.BlockRhythm;
import openledger.settlement.decide.FeeBump;
import openledger.settlement.decide.NextStep;
import openledger.settlement.decide.SubmissionState;
import openledger.settlement.ledger.Ledger.Fees;
import openledger.settlement.ledger.LedgerCall;
import openledger.settlement.ledger.LedgerCall.Commit;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.SignedTransaction;
import openledger.settlement.ledger.Submission;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.jboss.logging.Logger;

/**
 * Signs, stores and sends transactions. It does not wait for a transaction to be sent, so that several batches are in flight at once.
 * Confined to the sequencer's event loop.
 */
public final class TransactionSubmitter {
    private static final Logger LOG = Logger.getLogger(TransactionSubmitter.class);

    private final SequencerSettings settings;
    private final SequencerPorts ports;
    private final LoopConfinement home;
    private final LaneCache book;
    private final Lease lease;
    private final BlockRhythm rhythm;
    /** Takes work that is to be done beside the next steps. */
    private final Consumer<Sending> beside;

    private Optional<Errand> errand = Optional.empty();
    private Optional<String> refused = Optional.empty();

    public TransactionSubmitter(
            SequencerSettings settings,
            SequencerPorts ports,
            LoopConfinement home,
            LaneCache book,
            Lease lease,
            BlockRhythm rhythm,
            Consumer<Sending> beside) {
        this.settings = settings;
        this.ports = ports;
        this.home = home;
        this.book = book;
        this.lease = lease;
        this.rhythm = rhythm;
        this.beside = beside;
    }

    /** A transaction that is no batch's: kept in memory alone, since asking for the same twice does no harm. */
    private record Errand(LedgerCall call, long nonce, SignedTransaction transaction, Instant sent) {}

    public Uni<Void> send(NextStep.Send step, LedgerView view, Instant now) {
        return home.bring(ports.ledger().fees())
                .map(fees -> step.replaces()
                        .flatMap(earlier -> FeeBump.over(fees, earlier, settings.feeCap()))
                        .orElse(fees))
                .chain(fees -> sign(step.batch(), step.nonce(), fees, view, now, Sent.FIRST));
    }

    public Uni<Void> replace(NextStep.Replace step, LedgerView view, Instant now) {
        return home.bring(ports.ledger().fees())
                .chain(fees -> FeeBump.over(fees, step.stuck(), settings.feeCap())
                        .map(more -> sign(step.batch(), step.stuck().nonce(), more, view, now, Sent.REPLACEMENT))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    public void again(NextStep.SendAgain step, LedgerView view, Instant now) {
        hand(step.batch(), step.transaction(), view.latest().number(), now, Sent.AGAIN);
    }

    private Uni<Void> sign(Unsettled batch, long nonce, Fees fees, LedgerView view, Instant now, Sent how) {
        return leaves(batch)
                .chain(leaves -> home.bring(ports.ledger().sign(new Commit(batch.header(), leaves), nonce, fees)))
                .invoke(signed -> ports.listener().passed(Step.SIGNED))
                .call(signed -> home.bring(ports.store().signed(lease, batch.sequence(), signed)))
                .invoke(signed -> {
                    book.signed(batch.sequence(), signed);
                    ports.listener().passed(Step.SIGNED_STORED);
                    hand(batch, signed, view.latest().number(), now, how);
                })
                .replaceWithVoid();
    }

    private Uni<Optional<byte[]>> leaves(Unsettled batch) {
        return settings.leaves() == LeafPosting.HEADER_ONLY
                ? Uni.createFrom().item(Optional.empty())
                : home.bring(ports.batches().leaves(settings.lane(), batch.sequence()));
    }

    private void hand(Unsettled batch, SignedTransaction transaction, long block, Instant now, Sent how) {
        long sequence = batch.sequence();
        book.sent(sequence, transaction, block, now);
        rhythm.handed(sequence);
        Uni<Void> work = home.bring(ports.ledger().submit(transaction))
                .invoke(answer -> answered(sequence, transaction.hash(), answer))
                .replaceWithVoid();
        beside.accept(new Sending(work, ChainNews.of(batch.header())));
        ports.listener().sent(how);
    }

    /** Why the node would not take what was sent last; empty if it did. */
    public Optional<String> refused() {
        return refused;
    }

    private void answered(long sequence, Hash32 transaction, Submission answer) {
        heed(answer);
        if (answer instanceof Submission.Included(var inclusion)) {
            book.saw(sequence, inclusion);
        }
        book.answered(sequence, transaction, meaning(answer));
        ports.listener().passed(Step.ANSWERED);
    }

    private void heed(Submission answer) {
        Optional<String> now =
                answer instanceof Submission.Refused(var reason) ? Optional.of(reason) : Optional.empty();
        if (now.isPresent() && !now.equals(refused)) {
            LOG.errorf(
                    "the node refuses our transactions, lane=%d reason=%s",
                    settings.lane().value(), now.get());
        }
        refused = now;
    }

    private static SubmissionState.Answer meaning(Submission answer) {
        return switch (answer) {
            // Whether a used nonce was ours is seen when the chain is looked at.
            case Submission.Included _, Submission.Pending _, Submission.NonceUsed _ -> SubmissionState.Answer.TAKEN;
            case Submission.NonceGap _, Submission.Unknown _ -> SubmissionState.Answer.UNCLEAR;
            case Submission.Underpriced _ -> SubmissionState.Answer.UNDERPRICED;
            case Submission.Refused _ -> SubmissionState.Answer.REFUSED;
        };
    }

    public Uni<Void> openLane(long nonce, Instant now) {
        LaneAccounts accounts = settings.accounts();
        return run(new LedgerCall.OpenLane(accounts.salt(), accounts.signer()), nonce, now);
    }

    public Uni<Void> setSigner(long nonce, Instant now) {
        return run(new LedgerCall.SetSigner(settings.lane(), settings.accounts().signer()), nonce, now);
    }

    public Uni<Void> publish(Hash32 policy, long nonce, Instant now) {
        LaneId lane = settings.lane();
        return home.bring(ports.policies().byHash(policy))
                .chain(text -> text.map(found ->
                                run(new LedgerCall.PublishPolicy(lane, found.canonical(), found.routes()), nonce, now))
                        .orElseThrow(() -> new IllegalStateException("a policy is not in the database: " + policy)));
    }

    /** Sends once a nonce, again after a silence, with more to offer if that was not enough. */
    private Uni<Void> run(LedgerCall call, long nonce, Instant now) {
        Optional<Errand> before = errand.filter(last -> last.nonce == nonce && last.call.getClass() == call.getClass());
        if (before.filter(last -> now.isBefore(last.sent.plus(settings.pace().resendAfter())))
                .isPresent()) {
            return Uni.createFrom().voidItem();
        }
        Optional<SignedTransaction> earlier = before.map(Errand::transaction).or(() -> ofABatch(nonce));
        return home.bring(ports.ledger().fees())
                .map(fees -> earlier.flatMap(last -> FeeBump.over(fees, last, settings.feeCap()))
                        .orElse(fees))
                .chain(fees -> home.bring(ports.ledger().sign(call, nonce, fees)))
                .invoke(signed -> {
                    errand = Optional.of(new Errand(call, nonce, signed, now));
                    Uni<Void> work = home.bring(ports.ledger().submit(signed))
                            .invoke(this::heed)
                            .replaceWithVoid();
                    beside.accept(new Sending(work, ChainNews.URGENT));
                    passed(call).ifPresent(ports.listener()::passed);
                })
                .replaceWithVoid();
    }

    private static Optional<Step> passed(LedgerCall call) {
        return switch (call) {
            case LedgerCall.OpenLane _ -> Optional.of(Step.LANE_OPENED);
            case LedgerCall.PublishPolicy _ -> Optional.of(Step.POLICY_PUBLISHED);
            // No step of a batch.
            case LedgerCall.SetSigner _, Commit _ -> Optional.empty();
        };
    }

    private Optional<SignedTransaction> ofABatch(long nonce) {
        return book.state().batches().stream()
                .map(Unsettled::transactions)
                .flatMap(List::stream)
                .filter(transaction -> transaction.nonce() == nonce)
                .reduce((one, other) -> one.maxFee().compareTo(other.maxFee()) >= 0 ? one : other);
    }
}
