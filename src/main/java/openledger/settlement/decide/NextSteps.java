package openledger.settlement.decide;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.BatchStore.Unsettled;
import openledger.settlement.SequencerSettings;
import openledger.settlement.SequencerSettings.LaneAccounts;
import openledger.settlement.SequencerSettings.Pace;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * Decides the next steps from the present state: our batches on one side, the registry's head, the account's nonce and the blocks on the
 * other. Pure: the same state and evidence give the same steps, and steps that were done already are not given again.
 */
public final class NextSteps {
    private final SequencerSettings settings;
    private final LaneSnapshot state;
    private final Evidence evidence;
    private final LedgerView view;

    private NextSteps(SequencerSettings settings, LaneSnapshot state, Evidence evidence) {
        this.settings = settings;
        this.state = state;
        this.evidence = evidence;
        this.view = evidence.view();
    }

    /** What is to be done, in that order. After {@code Demote} and {@code Load} everything has to be looked at anew. */
    public static List<NextStep> decide(SequencerSettings settings, LaneSnapshot state, Evidence evidence) {
        return new NextSteps(settings, state, evidence).decide();
    }

    private List<NextStep> decide() {
        if (isBehind()) {
            return List.of(new NextStep.AwaitChain());
        }
        return switch (view.lane()) {
            case Lane.NoRegistry() ->
                forgotten(new NextStep.Halt("there is no registry at " + settings.registry() + " on this chain"));
            case Lane.NotOpen() -> forgotten(opening());
            case Lane.Open open -> open(open);
        };
    }

    /** A node that lags shows a shorter chain; a chain that stays shorter is one. */
    private boolean isBehind() {
        Pace pace = settings.pace();
        return view.latest().number() < state.newestBlock()
                && !state.behindSince()
                        .map(since -> evidence.passed(since, pace.behindAfter()))
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
            return List.of(new NextStep.Halt(
                    "the registry has batches of this lane that this router does not know, up to " + top));
        }
        if (state.first() > top + 1) {
            return List.of(new NextStep.Demote(top + 1));
        }
        if (top > state.held() || wantsMore(top)) {
            return List.of(new NextStep.Load(state.held() + 1));
        }
        if (!isOurs(open)) {
            return List.of(new NextStep.Halt("another writer commits to this lane: its head is not ours, at " + top));
        }
        Optional<NextStep> demotion = demotion(top);
        if (demotion.isPresent()) {
            return List.of(demotion.get());
        }
        List<NextStep> steps = new ArrayList<>(promotions(top));
        if (!open.committer().equals(settings.account())) {
            steps.add(new NextStep.Halt(notOurs(open)));
            return steps;
        }
        Optional<NextStep> signer = signer(open);
        signer.ifPresent(steps::add);
        if (signer.isEmpty() || signer.get() instanceof NextStep.Warn) {
            steps.addAll(new NoncePlanner(settings, state, evidence).steps(state.after(top)));
        }
        return steps;
    }

    private NextStep opening() {
        LaneAccounts ours = settings.accounts();
        return ours.opener().equals(ours.committer())
                ? new NextStep.OpenLane(view.nonce())
                : new NextStep.Halt("the lane is not open, and only " + ours.opener()
                        + " can open it: have it call openLane with the salt " + ours.salt() + ", the committer "
                        + ours.committer() + " and the signer " + ours.signer());
    }

    private String notOurs(Lane.Open open) {
        return open.owner().equals(settings.account())
                        || open.owner().equals(settings.accounts().opener())
                ? "the lane's key was rotated: " + open.committer() + " commits now, not this router"
                : "the lane belongs to " + open.owner() + ", and " + open.committer()
                        + " commits to it, not this router: take another openledger.lane, or have the owner call"
                        + " rotateCommitter for " + settings.account();
    }

    /** What is to be done so that promises are signed by a key of the lane. Commits wait for our own step, but not for others'. */
    private Optional<NextStep> signer(Lane.Open open) {
        Address ours = settings.accounts().signer();
        return switch (open.ours()) {
            case SIGNS -> Optional.empty();
            case RETIRED ->
                Optional.of(new NextStep.Halt("the signing key " + ours
                        + " was retired and can never sign for the lane again: set"
                        + " openledger.settlement.signer-key-env to a key that never was the lane's, or to that of "
                        + open.signer() + ", which signs now"));
            case UNKNOWN ->
                Optional.of(
                        open.owner().equals(settings.account())
                                ? new NextStep.SetSigner(view.nonce())
                                : new NextStep.Warn("promises are not valid: " + open.signer()
                                        + " signs for the lane, not " + ours + "; have its owner " + open.owner()
                                        + " call setSigner"));
        };
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
                ConfirmationLevel level = ChainProbe.level(inclusion.block(), view);
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
}
