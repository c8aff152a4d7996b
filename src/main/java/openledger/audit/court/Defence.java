package openledger.audit.court;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.audit.court.AnswerFinder.Finding;
import openledger.audit.court.DefenceListener.Result;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.VaultCall;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Hash32;
import openledger.unit.Wei;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Answers the games that are open against a lane: at once, again every ten minutes, and from half of the time on around the sequencer
 * too. It pays for no answer that the contract would refuse. What it remembers is only when it tried last: whether a game is open, the
 * chain says. Steps come one after another.
 */
public final class Defence {
    private static final Logger LOG = Logger.getLogger(Defence.class);
    private static final Duration AGAIN = Duration.ofMinutes(10);
    /** After what a node or the database could not do. */
    private static final Duration SOON = Duration.ofMinutes(1);
    /** Longest between two tries: a game that nothing answers, however often it is tried, must not keep others from their turn. */
    private static final Duration LONGEST = Duration.ofHours(1);
    /** A deposit on L1 costs, and takes some minutes to arrive. */
    private static final Duration BETWEEN_DETOURS = LONGEST;
    /** After which a step ends and the next begins with the most urgent again, however many games there are. */
    private static final Duration LONGEST_STEP = AGAIN;

    private final Court court;
    private final Optional<Detour> detour;
    private final AnswerFinder finder;
    private final DefenceListener listener;
    private final InstantSource clock;
    private final Map<Hash32, Tries> tries = new HashMap<>();

    /**
     * The defence of a lane.
     *
     * @param detour around the sequencer, if there is one
     */
    public Defence(
            Court court, Optional<Detour> detour, AnswerFinder finder, DefenceListener listener, InstantSource clock) {
        this.court = court;
        this.detour = detour;
        this.finder = finder;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Answers what is open and due, the most urgent first, for some minutes: of thousands the most urgent comes again before the last. Never
     * fails.
     */
    public Uni<Void> step(StakeView view) {
        List<OpenedGame> open = view.open();
        Set<Hash32> ids = new HashSet<>();
        open.forEach(game -> ids.add(game.challenged().id()));
        tries.keySet().retainAll(ids);
        Instant until = clock.instant().plus(LONGEST_STEP);
        return Multi.createFrom()
                .iterable(open)
                .select()
                .first(game -> clock.instant().isBefore(until))
                .onItem()
                .transformToUniAndConcatenate(game -> {
                    long now = now(view);
                    return isDue(tries(game).again, now)
                            ? answer(game, view, now)
                            : Uni.createFrom().voidItem();
                })
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** Where no blocks come the chain's time stands still, and ours does not; in tests it is the other way round. */
    private long now(StakeView view) {
        return Math.max(view.time().seconds(), clock.instant().getEpochSecond());
    }

    /** A time that is further away than any that we set is from a node that was wrong about the time. */
    private static boolean isDue(long at, long now) {
        return now >= at || at - now > LONGEST.toSeconds();
    }

    private Tries tries(OpenedGame game) {
        return tries.computeIfAbsent(game.challenged().id(), id -> new Tries());
    }

    private Uni<Void> answer(OpenedGame opened, StakeView view, long now) {
        Tries so = tries(opened);
        return court.game(opened.challenged().id())
                .chain(game -> game.filter(found -> found.state() == Game.State.OPEN)
                        .map(found -> answer(opened, found, view, now))
                        .orElseGet(() -> {
                            so.again = now + SOON.toSeconds();
                            return Uni.createFrom().voidItem();
                        }))
                .onFailure()
                .recoverWithUni(why -> {
                    lacks(opened, now + SOON.toSeconds(), "it could not be looked up: " + reason(why));
                    return withoutNodes(opened, view, now);
                });
    }

    /** No node is needed to send what was found before: what is kept was held against the header when it was. */
    private Uni<Void> withoutNodes(OpenedGame opened, StakeView view, long now) {
        VaultCall.Answer ready = tries(opened).ready;
        return ready == null ? Uni.createFrom().voidItem() : detoured(opened, view, ready, now);
    }

    /** What we did not expect is told with its name. */
    private static String reason(Throwable why) {
        return why instanceof LedgerUnavailable ? String.valueOf(why.getMessage()) : String.valueOf(why);
    }

    private Uni<Void> answer(OpenedGame opened, Game game, StakeView view, long now) {
        if (view.time().seconds() > game.deadline()) {
            lacks(opened, now + AGAIN.toSeconds(), "its time is over");
            return Uni.createFrom().voidItem();
        }
        return finder.find(opened.challenged(), game, opened.transaction()).chain(finding -> switch (finding) {
            case Finding.NotFound(var reason) -> {
                lacks(opened, later(opened, now), reason);
                yield Uni.createFrom().voidItem();
            }
            case Finding.Found(var answer) -> {
                tries(opened).ready = answer;
                yield court.attempt(answer, Wei.ZERO).chain(trial -> switch (trial) {
                    case Trial.Refused refused -> {
                        lacks(opened, later(opened, now), "the contract would refuse it: " + refused.reason());
                        // So says a node, which may be wrong; L1 asks none.
                        yield withoutNodes(opened, view, now);
                    }
                    case Trial.Holds holds -> filed(opened, view, answer, now);
                });
            }
        });
    }

    /** What had no answer is tried again after twice the time, and more often when little is left. */
    private long later(OpenedGame opened, long now) {
        Tries so = tries(opened);
        so.wait = Math.min(2 * Math.max(so.wait, SOON.toSeconds() / 2), LONGEST.toSeconds());
        long left = (opened.challenged().deadline() - now) / 8;
        return now + Math.max(SOON.toSeconds(), Math.min(so.wait, left));
    }

    private Uni<Void> filed(OpenedGame opened, StakeView view, VaultCall.Answer answer, long now) {
        return detoured(opened, view, answer, now)
                .chain(() -> court.file(answer, Wei.ZERO))
                .invoke(filing -> heed(opened, filing, now))
                .replaceWithVoid();
    }

    /** Before the usual way, which may be waited for in vain. */
    private Uni<Void> detoured(OpenedGame opened, StakeView view, VaultCall.Answer answer, long now) {
        Tries so = tries(opened);
        long half = opened.challenged().deadline() - view.terms().response().toSeconds() / 2;
        if (detour.isEmpty() || now < half || !isDue(so.detourAgain, now)) {
            return Uni.createFrom().voidItem();
        }
        so.detourAgain = now + BETWEEN_DETOURS.toSeconds();
        return detour.get()
                .file(answer)
                .invoke(filing -> {
                    LOG.warnf(
                            "a game is answered through L1, game=%s outcome=%s",
                            opened.challenged().id(), filing);
                    if (filing instanceof Filing.Done) {
                        listener.answered(Result.FORCED);
                    }
                })
                .replaceWithVoid();
    }

    private void heed(OpenedGame opened, Filing filing, long now) {
        Tries so = tries(opened);
        so.again = now + AGAIN.toSeconds();
        switch (filing) {
            case Filing.Done(var transaction, var block, var spent) -> {
                LOG.infof(
                        "a game was answered, game=%s fault=%s transaction=%s block=%d spent_wei=%s",
                        opened.challenged().id(), opened.challenged().fault(), transaction, block, spent.value());
                listener.answered(Result.DONE);
            }
            case Filing.Reverted reverted -> told(opened, Result.REVERTED, "it reverted in " + reverted.transaction());
            case Filing.Unsettled(var reason) -> told(opened, Result.UNSETTLED, reason);
            case Filing.NotSent(var reason) -> {
                so.again = now + SOON.toSeconds();
                told(opened, Result.NOT_SENT, reason);
            }
        }
    }

    private void lacks(OpenedGame opened, long again, String reason) {
        tries(opened).again = again;
        told(opened, Result.NONE, reason);
    }

    /** The same thing is logged once. */
    private void told(OpenedGame opened, Result result, String reason) {
        Tries so = tries(opened);
        listener.answered(result);
        if (!reason.equals(so.said)) {
            so.said = reason;
            LOG.errorf(
                    "a game against this lane is not answered yet, game=%s fault=%s deadline=%d reason=%s",
                    opened.challenged().id(),
                    opened.challenged().fault(),
                    opened.challenged().deadline(),
                    reason);
        }
    }

    /** When a game was tried last; forgotten with the process, because trying again does no harm. */
    private static final class Tries {
        private long again;
        private long detourAgain;
        private long wait;
        private String said = "";
        private VaultCall.@Nullable Answer ready;
    }
}
