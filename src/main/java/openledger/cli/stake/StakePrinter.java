package openledger.cli.stake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import openledger.audit.court.Court.LaneStake;
import openledger.audit.court.StakeJson;
import openledger.audit.court.StakeView;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.audit.court.StakeView.Penalty;
import openledger.commitment.stake.LanePool;
import openledger.commitment.stake.StakePosition;
import openledger.commitment.stake.VaultEvent.Penalised;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.Ether;
import openledger.unit.LaneId;
import openledger.unit.ShortDuration;

/** Prints terms and standing. Confined to one thread. */
final class StakePrinter {
    private static final int SHOWN = 20;

    private final PrintWriter out;

    StakePrinter(PrintWriter out) {
        this.out = out;
    }

    static String time(Duration time) {
        return ShortDuration.words(time);
    }

    void terms(VaultTerms terms) {
        line(
                "least stake to commit",
                Ether.text(terms.floor())
                        + (terms.stakePerLeaf().signum() == 0
                                ? ""
                                : ", or " + Ether.text(terms.stakePerLeaf()) + " for each leaf of the last "
                                        + time(terms.volumeWindow()) + " if that is more"));
        line(
                "a leaf that breaks a rule",
                Ether.text(terms.leafPenalty()) + ", for at most " + terms.mostPerBatch() + " leaves of a batch");
        line("what is promised or asked for, and not shown", Ether.text(terms.promisePenalty()));
        line("of a penalty", share(terms.reporterBps()) + " is the reporter's, the rest is burned");
        line("a batch can be challenged for", time(terms.window()));
        line("an answer has to come within", time(terms.response()));
        line("a promise has to be kept within", time(terms.anchorMost()));
        line("what leaves stays at risk for", time(terms.delay()));
        line("a lane that a penalty makes short commits for", time(terms.grace()));
        line(
                "bond of a game",
                Ether.text(terms.bond()) + ", or " + terms.bondGas() + " gas at the base fee if that is more");
    }

    void standing(LaneId lane, StakeView view, Optional<StakePosition> position) {
        LaneStake stake = view.stake();
        LanePool pool = stake.pool();
        out.println("Lane " + lane.value() + " at vault " + view.vault() + ": "
                + stake.guard().words(lane) + ".");
        line(
                "as of",
                Instant.ofEpochSecond(view.time().seconds()) + ", block "
                        + view.time().latest());
        line("active", Ether.text(stake.active()));
        line("required", Ether.text(stake.required()) + (stake.gated() ? "" : ", once the vault is the lane's gate"));
        line(
                "leaving",
                Ether.text(pool.leaving())
                        + (view.leavesBy() == 0
                                ? ""
                                : ", at risk until " + Instant.ofEpochSecond(view.leavesBy()) + " at the latest"));
        line("open games may take", Ether.text(pool.locked()));
        if (stake.gated() && stake.isShort() && pool.shortUntil() > 0) {
            line(
                    "short; it may commit until",
                    Instant.ofEpochSecond(pool.shortUntil()).toString());
        }
        position.ifPresent(had -> {
            line("of that staker, stays", worth(had.shares(), pool));
            line(
                    "of that staker, leaves",
                    worth(had.leavingShares(), pool)
                            + (had.leavesAt() == 0 ? "" : ", from " + Instant.ofEpochSecond(had.leavesAt())));
        });
        out.println("Open games: " + view.open().size());
        view.open().stream()
                .map(OpenedGame::challenged)
                .limit(SHOWN)
                .forEach(game -> out.println("  " + game.fault()
                        + ", due " + Instant.ofEpochSecond(game.deadline()) + " ("
                        + left(game.deadline() - view.time().seconds()) + "): " + game.id()));
        out.println("Penalties: " + view.penalties().size());
        view.penalties().reversed().stream().limit(SHOWN).forEach(this::penalty);
    }

    /** What a lane has behind its next batch, and what it needs. */
    void behind(LaneStake stake) {
        line("active", Ether.text(stake.active()));
        line("required", Ether.text(stake.required()));
    }

    private static String left(long seconds) {
        return seconds < 0 ? "over" : time(Duration.ofSeconds(seconds)) + " left";
    }

    private void penalty(Penalty penalty) {
        Penalised penalised = penalty.penalised();
        out.println("  " + penalised.fault() + ", batch " + penalised.sequence() + ": " + Ether.text(penalised.taken())
                + " taken, " + Ether.text(penalised.reward()) + " of it the reporter's; transaction "
                + penalty.transaction());
    }

    private static String worth(BigInteger shares, LanePool pool) {
        return Ether.text(
                pool.shares().signum() == 0
                        ? BigInteger.ZERO
                        : shares.multiply(pool.assets()).divide(pool.shares()));
    }

    private static String share(int bps) {
        return bps / 100 + (bps % 100 == 0 ? "" : "." + String.format(Locale.ROOT, "%02d", bps % 100)) + " %";
    }

    /** In the words of {@code GET /v1/stake}, with what only a command line asks for. */
    void json(LaneId lane, StakeView view, Optional<StakePosition> position) {
        ObjectNode root = StakeJson.of(view, false).put("lane", lane.value());
        position.ifPresent(had -> root.putObject("position")
                .put("shares", had.shares().toString())
                .put("leaving_shares", had.leavingShares().toString())
                .put("leaves_at", had.leavesAt()));
        out.println(root);
    }

    private void line(String what, String value) {
        out.println("  " + what + ": " + value);
    }
}
