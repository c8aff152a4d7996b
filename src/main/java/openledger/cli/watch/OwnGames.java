package openledger.cli.watch;

import java.io.IOException;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.audit.charge.Prosecution;
import openledger.audit.charge.Prosecution.Step;
import openledger.audit.court.ChainTime;
import openledger.audit.court.Court;
import openledger.audit.court.Filing;
import openledger.audit.court.Told;
import openledger.audit.court.Trial;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultEvent;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.Address;
import openledger.unit.Ether;
import openledger.unit.Hash32;
import openledger.unit.Wei;

/** Follows this auditor's own games to their end, and takes what is its own. Blocks. Confined to one thread. */
final class OwnGames {
    /** What is ours is taken once it is worth that many times what taking it costs. */
    private static final long WORTH = 4;

    /** After one that did not do what the nodes had said, s. */
    private static final long AGAIN = 600;

    private static final BigInteger BPS = BigInteger.valueOf(10_000);

    private final WatchSettings settings;
    private final List<Court> courts;
    private final Court court;
    private final VaultTerms terms;
    private final Prosecution prosecution;
    private final Cashier cashier;
    private final WatchReport report;
    private final Set<Hash32> games = new HashSet<>();
    private VaultNews news;
    private long held;

    OwnGames(
            WatchSettings settings,
            List<Court> courts,
            VaultTerms terms,
            Prosecution prosecution,
            Cashier cashier,
            WatchReport report) {
        this.settings = settings;
        this.courts = List.copyOf(courts);
        this.court = courts.getFirst();
        this.terms = terms;
        this.prosecution = prosecution;
        this.cashier = cashier;
        this.report = report;
        this.news = new VaultNews(court, settings.lane(), settings.firstBlock());
    }

    /** The lane is read anew. */
    void beginAnew() {
        news = new VaultNews(court, settings.lane(), settings.firstBlock());
        games.clear();
    }

    /** Does what is due. */
    void round(Address ours, ChainTime time) throws IOException {
        news.read(time, told -> heed(told, ours));
        for (Hash32 id : List.copyOf(games)) {
            Optional<Game> game = Patience.await(court.game(id));
            if (game.isEmpty() || game.get().state() != Game.State.OPEN) {
                continue;
            }
            if (game.get().deadline() < time.seconds()) {
                Wei reward = new Wei(terms.promisePenalty()
                        .multiply(BigInteger.valueOf(terms.reporterBps()))
                        .divide(BPS)
                        .add(game.get().bond()));
                end(new VaultCall.Conclude(id), reward, time);
            }
        }
        Wei credit = Patience.await(court.credit(ours));
        report.earned(credit);
        if (credit.value().signum() > 0) {
            end(new VaultCall.Claim(ours), credit, time);
        }
    }

    private void heed(Told told, Address ours) {
        switch (told.event()) {
            case VaultEvent.Challenged game when game.challenger().equals(ours) -> games.add(game.id());
            case VaultEvent.Answered(var id, var lane) -> {
                if (games.remove(id)) {
                    report.note("answered", "Game " + id + " was answered; its bond is the lane's.");
                }
            }
            case VaultEvent.Lost(var id, var lane) -> {
                if (games.remove(id)) {
                    report.note("won", "Game " + id + " was won.");
                }
            }
            case VaultEvent.Penalised penalty
            when penalty.reporter().equals(ours) ->
                report.note(
                        "penalised",
                        "The lane has lost " + Ether.text(penalty.taken()) + " for " + penalty.fault() + ", of which "
                                + Ether.text(penalty.reward()) + " are ours.");
            default -> {}
        }
    }

    /** It pays for itself, and is taken once it is worth it: no time ends for it, so what may be spent in a day holds it back too. */
    private void end(VaultCall call, Wei reward, ChainTime time) throws IOException {
        Step step = prosecution.end(call, reward, cashier.means(time));
        if (step.cost().times(WORTH).compareTo(reward) > 0 || time.seconds() < held) {
            return;
        }
        for (Court each : courts) {
            if (Patience.await(each.attempt(call, Wei.ZERO)) instanceof Trial.Refused) {
                return;
            }
        }
        if (!(cashier.send(step, call instanceof VaultCall.Claim ? "claimed" : "concluded") instanceof Filing.Done)) {
            held = time.seconds() + AGAIN;
        }
    }

    /** How many are not over. */
    int open() {
        return games.size();
    }
}
