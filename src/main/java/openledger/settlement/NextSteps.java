package openledger.settlement;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.BatchStore.Unsettled;
import openledger.settlement.Inclusion.Effect;
import openledger.settlement.LedgerView.Lane;
import openledger.settlement.SequencerSettings.Pace;
import openledger.unit.Hash32;

/**
 * Decides what is next from what is: our batches on one side, the registry's head, the account's nonce and the blocks on the
 * other. Pure: the same state and evidence give the same steps, and steps that were done already are not given again.
 *
 * <p>One rule orders the nonces: of the batches that are not on chain, the i-th takes the i-th free nonce. So a gap is filled,
 * a nonce that something else has used is passed over, and after a reorg, which takes nonces back together with batches, the
 * same bytes fit again.
 */
final class NextSteps {
    /** Blocks that must have passed a transaction by before we say that it offers too little. */
    private static final long BLOCKS_PASSED = 3;

    private final SequencerSettings settings;
    private final LaneState state;
    private final Evidence evidence;
    private final LedgerView view;

    private NextSteps(SequencerSettings settings, LaneState state, Evidence evidence) {
        this.settings = settings;
        this.state = state;
        this.evidence = evidence;
        this.view = evidence.view();
    }

    /** What is to be done, in that order. After {@code Demote} and {@code Load} everything has to be looked at anew. */
    static List<NextStep> decide(SequencerSettings settings, LaneState state, Evidence evidence) {
        return new NextSteps(settings, state, evidence).decide();
    }

    private List<NextStep> decide() {
        if (isBehind()) {
            return List.of(new NextStep.AwaitChain());
        }
        return switch (view.lane()) {
            case Lane.NoRegistry() ->
                forgotten(new NextStep.Halt("there is no registry at " + settings.registry() + " on this chain"));
            case Lane.NotOpen() -> forgotten(new NextStep.OpenLane(view.nonce()));
            case Lane.Open open -> open(open);
        };
    }

    /** A node that lags shows a shorter chain; a chain that stays shorter is one. */
    private boolean isBehind() {
        Pace pace = settings.pace();
        return view.latest().number() < state.newestBlock()
                && !state.behindSince()
                        .map(since -> passed(since, pace.behindAfter()))
                        .orElse(false);
    }

    private List<NextStep> forgotten(NextStep otherwise) {
        return knownToHaveBeenOnChain() ? List.of(new NextStep.Demote(1)) : List.of(otherwise);
    }

    private boolean knownToHaveBeenOnChain() {
        return state.first() > 1
                || state.batches().stream().anyMatch(batch -> batch.level().reaches(ConfirmationLevel.PRECONFIRMED));
    }

    private List<NextStep> open(Lane.Open open) {
        long top = open.sequence();
        if (top > state.last()) {
            return List.of(
                    new NextStep.Halt("the registry has batches of this lane that we do not know, up to " + top));
        }
        if (state.first() > top + 1) {
            return List.of(new NextStep.Demote(top + 1));
        }
        if (top > state.held() || wantsMore(top)) {
            return List.of(new NextStep.Load(state.held() + 1));
        }
        if (!isOurs(open)) {
            return List.of(
                    new NextStep.Halt("another writer commits to this lane: its head is none of ours, at " + top));
        }
        Optional<NextStep> demotion = demotion(top);
        if (demotion.isPresent()) {
            return List.of(demotion.get());
        }
        List<NextStep> steps = new ArrayList<>(promotions(top));
        if (open.committer().equals(settings.account())) {
            steps.addAll(sendings(top));
        } else {
            steps.add(new NextStep.Halt("the lane's key was rotated: " + open.committer() + " commits, not we"));
        }
        return steps;
    }

    /** After a great reorg not all batches are held; they are read as there is room for them on their way. */
    private boolean wantsMore(long top) {
        return state.held() < state.last() && state.held() - top < settings.inFlight();
    }

    private boolean isOurs(Lane.Open open) {
        long top = open.sequence();
        Hash32 ours = top == state.last()
                ? state.lastHead()
                : state.batch(top + 1).header().previousHead();
        return ours.equals(open.head());
    }

    private Optional<NextStep> demotion(long top) {
        for (Unsettled batch : state.batches()) {
            if (isGone(batch, top)) {
                return Optional.of(new NextStep.Demote(batch.sequence()));
            }
        }
        return Optional.empty();
    }

    private boolean isGone(Unsettled batch, long top) {
        Optional<BlockRef> block = batch.inclusion().map(Inclusion::block);
        if (batch.level().reaches(ConfirmationLevel.SEQUENCED)) {
            return batch.sequence() > top || block.filter(evidence::isGone).isPresent();
        }
        // The block of a preconfirmation may get its final hash with its last transaction: that takes nothing back.
        return batch.level() == ConfirmationLevel.PRECONFIRMED
                && batch.sequence() > top
                && receipt(batch).isEmpty();
    }

    private List<NextStep> promotions(long top) {
        List<NextStep> steps = new ArrayList<>();
        for (Unsettled batch : state.upTo(top)) {
            Optional<Inclusion> where =
                    batch.level().reaches(ConfirmationLevel.SEQUENCED) ? batch.inclusion() : receipt(batch);
            where.filter(inclusion -> evidence.isCanonical(inclusion.block())).ifPresent(inclusion -> {
                ConfirmationLevel level = Questions.level(inclusion.block(), view);
                if (level.compareTo(batch.level()) > 0) {
                    steps.add(new NextStep.Promote(batch, level, inclusion));
                }
            });
        }
        for (Unsettled batch : state.after(top)) {
            if (batch.level() == ConfirmationLevel.RECORDED) {
                receipt(batch)
                        .ifPresent(inclusion ->
                                steps.add(new NextStep.Promote(batch, ConfirmationLevel.PRECONFIRMED, inclusion)));
            }
        }
        return steps;
    }

    private Optional<Inclusion> receipt(Unsettled batch) {
        return Optional.ofNullable(evidence.receipts().get(batch.sequence()))
                .filter(receipt -> receipt.effect() == Effect.DONE);
    }

    private List<NextStep> sendings(long top) {
        List<Unsettled> waiting = state.after(top);
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
            nonce++;
        }
        return steps;
    }

    private boolean hasReverted(Unsettled first) {
        Inclusion receipt = evidence.receipts().get(first.sequence());
        Sending sending = state.sendings().get(first.sequence());
        return receipt != null
                && receipt.effect() == Effect.REVERTED
                && sending != null
                && sending.transaction().equals(receipt.transaction());
    }

    private boolean isStuck(Unsettled first) {
        Sending sending = state.sendings().get(first.sequence());
        return sending != null
                && passed(sending.since(), settings.pace().stuckAfter())
                && view.latest().number() >= sending.sinceBlock() + BLOCKS_PASSED;
    }

    private Optional<NextStep> sending(Unsettled batch, long nonce, boolean stuck) {
        Optional<SignedTransaction> fitting = newest(batch.transactions(), nonce);
        if (fitting.isEmpty()) {
            return Optional.of(new NextStep.Send(batch, nonce, outbid(nonce)));
        }
        SignedTransaction transaction = fitting.get();
        Sending sending = state.sendings().get(batch.sequence());
        if (sending == null || !sending.transaction().equals(transaction.hash())) {
            return Optional.of(new NextStep.SendAgain(batch, transaction));
        }
        if (stuck || sending.answer() == Sending.Answer.UNDERPRICED) {
            return Optional.of(new NextStep.Replace(batch, transaction));
        }
        return passed(sending.last(), silence(sending))
                ? Optional.of(new NextStep.SendAgain(batch, transaction))
                : Optional.empty();
    }

    /** How long after the last sending the same bytes are sent again. */
    private Duration silence(Sending sending) {
        Pace pace = settings.pace();
        return switch (sending.answer()) {
            case UNCLEAR -> pace.poll();
            case TAKEN, REFUSED, UNDERPRICED -> pace.resendAfter();
            // The port ends every call by itself.
            case AWAITED -> pace.resendAfter().multipliedBy(BLOCKS_PASSED);
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

    private boolean passed(Instant since, Duration length) {
        return !evidence.now().isBefore(since.plus(length));
    }
}
