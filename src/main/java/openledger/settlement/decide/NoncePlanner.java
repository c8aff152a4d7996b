package openledger.settlement.decide;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.settlement.BatchStore.Unsettled;
import openledger.settlement.SequencerSettings;
import openledger.settlement.SequencerSettings.Pace;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.SignedTransaction;
import openledger.unit.Hash32;

/**
 * The line of batches on their way to a block. Pure. One rule orders the nonces: of the batches that are not on chain, the i-th
 * takes the i-th free nonce. So a gap is filled, a nonce that something else has used is passed over, and after a reorg, which
 * takes nonces back together with batches, the same bytes fit again.
 */
final class NoncePlanner {
    /** Blocks that must have passed a transaction by before we say that it offers too little. */
    private static final long BLOCKS_PASSED = 3;

    private final SequencerSettings settings;
    private final LaneSnapshot state;
    private final Evidence evidence;
    private final LedgerView view;

    NoncePlanner(SequencerSettings settings, LaneSnapshot state, Evidence evidence) {
        this.settings = settings;
        this.state = state;
        this.evidence = evidence;
        this.view = evidence.view();
    }

    /**
     * What of it is to be done now.
     *
     * @param waiting the batches that are not on chain, oldest first
     */
    List<NextStep> steps(List<Unsettled> waiting) {
        if (waiting.isEmpty() || evidence.now().isBefore(state.careUntil())) {
            return NextStep.NONE;
        }
        if (hasReverted(waiting.getFirst())) {
            return List.of(new NextStep.Reverted(waiting.getFirst()));
        }
        int atOnce = state.reverts() > 0 ? 1 : settings.inFlight();
        boolean stuck = isStuck(waiting.getFirst());
        List<NextStep> steps = new ArrayList<>();
        long nonce = view.nonce();
        for (Unsettled batch : waiting.subList(0, Math.min(atOnce, waiting.size()))) {
            Optional<Hash32> missing = batch.policies().stream()
                    .filter(policy -> !evidence.published().contains(policy))
                    .findFirst();
            if (missing.isPresent()) {
                steps.add(new NextStep.PublishPolicy(missing.get(), nonce));
                break;
            }
            sending(batch, nonce, stuck).ifPresent(steps::add);
            if (holdsTheLine(batch, nonce)) {
                break;
            }
            nonce++;
        }
        return steps;
    }

    private boolean hasReverted(Unsettled first) {
        Inclusion receipt = evidence.receipts().get(first.sequence());
        SubmissionState sending = state.sendings().get(first.sequence());
        return receipt != null
                && receipt.effect() == Effect.REVERTED
                && sending != null
                && sending.transaction().equals(receipt.transaction());
    }

    private boolean isStuck(Unsettled first) {
        SubmissionState sending = state.sendings().get(first.sequence());
        return sending != null
                && evidence.passed(sending.since(), settings.pace().stuckAfter())
                && view.latest().number() >= sending.sinceBlock() + BLOCKS_PASSED;
    }

    private Optional<NextStep> sending(Unsettled batch, long nonce, boolean stuck) {
        Optional<SignedTransaction> fitting = newest(batch.transactions(), nonce);
        if (fitting.isEmpty()) {
            return Optional.of(new NextStep.Send(batch, nonce, outbid(nonce)));
        }
        SignedTransaction transaction = fitting.get();
        SubmissionState sending = state.sendings().get(batch.sequence());
        if (sending == null || !sending.transaction().equals(transaction.hash())) {
            return Optional.of(new NextStep.SendAgain(batch, transaction));
        }
        if ((stuck || sending.answer() == SubmissionState.Answer.UNDERPRICED) && mayOfferMore(transaction)) {
            return Optional.of(new NextStep.Replace(batch, transaction));
        }
        return evidence.passed(sending.last(), silence(sending))
                ? Optional.of(new NextStep.SendAgain(batch, transaction))
                : Optional.empty();
    }

    private boolean mayOfferMore(SignedTransaction transaction) {
        return FeeBump.mayRise(transaction, settings.feeCap());
    }

    /** Who sends what comes behind something that the node does not have makes it wait for the gap to be filled. */
    private boolean holdsTheLine(Unsettled batch, long nonce) {
        SubmissionState sending = state.sendings().get(batch.sequence());
        Optional<SignedTransaction> fitting = newest(batch.transactions(), nonce);
        if (sending == null || !fitting.map(SignedTransaction::hash).equals(Optional.of(sending.transaction()))) {
            return false;
        }
        return switch (sending.answer()) {
            case AWAITED, TAKEN -> false;
            case ON_TRIAL, UNCLEAR, REFUSED -> true;
            case UNDERPRICED -> !mayOfferMore(fitting.get());
        };
    }

    /** How long after the last sending the same bytes are sent again. */
    private Duration silence(SubmissionState sending) {
        Pace pace = settings.pace();
        return switch (sending.answer()) {
            case UNCLEAR -> pace.poll();
            case TAKEN, REFUSED, UNDERPRICED -> pace.resendAfter();
            // The port ends every call by itself.
            case AWAITED, ON_TRIAL -> pace.resendAfter().multipliedBy(BLOCKS_PASSED);
        };
    }

    /** What of ours may be waiting under a nonce. */
    private Optional<SignedTransaction> outbid(long nonce) {
        return state.batches().stream()
                .flatMap(batch -> newest(batch.transactions(), nonce).stream())
                .reduce((one, other) -> one.maxFee().compareTo(other.maxFee()) >= 0 ? one : other);
    }

    private static Optional<SignedTransaction> newest(List<SignedTransaction> transactions, long nonce) {
        return transactions.reversed().stream()
                .filter(transaction -> transaction.nonce() == nonce)
                .findFirst();
    }
}
