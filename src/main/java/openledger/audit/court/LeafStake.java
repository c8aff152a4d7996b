package openledger.audit.court;

import java.nio.ByteBuffer;
import java.util.Optional;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.audit.court.StakeView.Penalty;
import openledger.commitment.BatchHeader;
import openledger.commitment.stake.GameId;
import openledger.commitment.stake.VaultEvent.Challenged;
import openledger.commitment.stake.VaultEvent.Penalised;
import openledger.commitment.stake.VaultFault;
import openledger.settlement.receipt.Batches.Located;
import openledger.unit.Hash32;

/**
 * What a vault has told of one leaf. Immutable.
 *
 * @param view what is behind the leaf's lane, and when that was seen
 * @param challengeableUntil last second in which the leaf's batch can be challenged, Unix s of the chain's blocks
 * @param isPunished whether the lane has paid for the leaf, or would have if the batch had not cost enough already
 * @param penalty which; empty without one, and of one of before what is watched
 * @param isContested whether a game about the leaf or its batch is open, or one about the leaf was lost
 */
public record LeafStake(
        StakeView view, long challengeableUntil, boolean isPunished, Optional<Penalty> penalty, boolean isContested) {
    private static final int COUNTER = 24;

    /**
     * That of a leaf in a batch that is on chain.
     *
     * @param committedAt time of the batch's block, Unix s
     * @param wasPunished whether the vault says so of a leaf that is older than what is watched
     */
    static LeafStake of(StakeView view, Located leaf, long committedAt, boolean wasPunished) {
        Optional<Penalty> penalty = view.penalties().stream()
                .filter(one -> isOf(one.penalised(), leaf) && one.penalised().fault() != VaultFault.LOG_FORKED)
                .findFirst();
        // The vault marks no leaf for a log that forked, although it names the place.
        boolean isForked = view.penalties().stream()
                .anyMatch(one -> isOf(one.penalised(), leaf) && one.penalised().fault() == VaultFault.LOG_FORKED);
        boolean isContested = isForked || view.games().stream().anyMatch(game -> contests(game, leaf));
        return new LeafStake(
                view,
                committedAt + view.terms().window().toSeconds(),
                wasPunished || penalty.isPresent(),
                penalty,
                isContested);
    }

    /** Whether nothing was shown against the leaf and nothing can be any more, by the time of the block that was seen. */
    public boolean isSettled() {
        return !isPunished && !isContested && view.time().seconds() > challengeableUntil;
    }

    private static boolean isOf(Penalised penalised, Located leaf) {
        return penalised.sequence() == leaf.batch().header().sequence()
                && penalised.subject().equals(GameId.subject(leaf.proof().index()));
    }

    private static boolean contests(OpenedGame game, Located leaf) {
        return switch (game.state()) {
            case OPEN -> isAbout(game.challenged(), leaf) || isAboutBatch(game.challenged(), leaf);
            case LOST -> isAbout(game.challenged(), leaf);
            case ANSWERED -> false;
        };
    }

    private static boolean isAbout(Challenged game, Located leaf) {
        Hash32 subject = switch (game.fault()) {
            case WITHHELD, RECORD_WITHHELD -> GameId.subject(leaf.proof().index());
            case PLAN_MISSING, OMITTED -> Hash32.of(leaf.leaf(), 0);
            case OUTCOME_MISSING -> GameId.subject(ByteBuffer.wrap(leaf.leaf()).getLong(COUNTER));
            // There is no game about what one proof shows.
            default -> Hash32.ZERO;
        };
        return game.subject().equals(subject);
    }

    /** Who misses a whole batch asks for one of its leaves. */
    private static boolean isAboutBatch(Challenged game, Located leaf) {
        BatchHeader header = leaf.batch().header();
        return (game.fault() == VaultFault.WITHHELD || game.fault() == VaultFault.RECORD_WITHHELD)
                && game.subject().compareTo(GameId.subject(header.firstIndex())) >= 0
                && game.subject().compareTo(GameId.subject(header.size())) < 0;
    }
}
