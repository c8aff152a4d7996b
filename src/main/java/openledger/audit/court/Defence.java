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
import openledger.audit.court.AnswerSender.Ready;
import openledger.audit.court.DefenceListener.Result;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.VaultCall;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Hash32;
import openledger.unit.Wei;
import org.jboss.logging.Logger;

/**
 * Answers the games that are open against a lane: at once, several in one transaction where the chain has a contract for that, and again
 * every ten minutes; from half of the time on around the sequencer too, if the usual way did not end the game. It pays for no answer that
 * the contract would refuse. What it remembers is only what it tried: whether a game is open, the chain says. Steps come one after another.
 */
public final class Defence {
    private static final Logger LOG = Logger.getLogger(Defence.class);
    private static final Duration AGAIN = Duration.ofMinutes(10);
    /** After what a node or the database could not do. */
    private static final Duration SOON = Duration.ofMinutes(1);
    /** After which a step ends and the next begins with the most urgent again, however many games there are. */
    private static final Duration LONGEST_STEP = AGAIN;
    /** With less than that there is no second try, so both ways are gone at once. */
    private static final Duration LAST = Duration.ofHours(1);

    private final Court court;
    private final Optional<Detour> detour;
    private final AnswerFinder finder;
    private final AnswerSender sender;
    private final DefenceListener listener;
    private final InstantSource clock;
    private final Map<Hash32, AnswerTries> tries = new HashMap<>();

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
        this.sender = new AnswerSender(court);
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
                    return tries(game).isDue(now) ? prepared(game, view, now) : nothing();
                })
                .filter(Optional::isPresent)
                .map(Optional::orElseThrow)
                .group()
                .intoLists()
                .of(AnswerSender.AT_ONCE)
                .onItem()
                .transformToUniAndConcatenate(ready -> filed(ready, now(view)))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** Where no blocks come the chain's time stands still, and ours does not; in tests it is the other way round. */
    private long now(StakeView view) {
        return Math.max(view.time().seconds(), clock.instant().getEpochSecond());
    }

    private AnswerTries tries(OpenedGame game) {
        return tries.computeIfAbsent(
                game.challenged().id(), id -> new AnswerTries(game.challenged().deadline()));
    }

    /** What is to be sent now; empty if there is no answer, or it went through L1 alone. */
    private Uni<Optional<Ready>> prepared(OpenedGame opened, StakeView view, long now) {
        return court.game(opened.challenged().id())
                .chain(game -> game.filter(found -> found.state() == Game.State.OPEN)
                        .map(found -> prepared(opened, found, view, now))
                        .orElseGet(() -> {
                            tries(opened).next(now, SOON);
                            return nothing();
                        }))
                .onFailure()
                .recoverWithUni(why -> {
                    tries(opened).next(now, SOON);
                    lacks(opened, "it could not be looked up: " + reason(why));
                    return withoutNodes(opened, view, now);
                });
    }

    private static Uni<Optional<Ready>> nothing() {
        return Uni.createFrom().item(Optional.empty());
    }

    /** No node is needed to send what was found before: what is kept was held against the header when it was. */
    private Uni<Optional<Ready>> withoutNodes(OpenedGame opened, StakeView view, long now) {
        return tries(opened)
                .found()
                .map(ready -> detoured(opened, view, ready, now).chain(Defence::nothing))
                .orElseGet(Defence::nothing);
    }

    /** What we did not expect is told with its name. */
    private static String reason(Throwable why) {
        return why instanceof LedgerUnavailable ? String.valueOf(why.getMessage()) : String.valueOf(why);
    }

    private Uni<Optional<Ready>> prepared(OpenedGame opened, Game game, StakeView view, long now) {
        if (view.time().seconds() > game.deadline()) {
            tries(opened).next(now, AGAIN);
            lacks(opened, "its time is over");
            return nothing();
        }
        return finder.find(opened.challenged(), game, opened.transaction()).chain(finding -> switch (finding) {
            case Finding.NotFound(var reason) -> {
                tries(opened).later(now);
                lacks(opened, reason);
                yield nothing();
            }
            case Finding.Found(var answer) -> {
                tries(opened).found(answer);
                yield court.attempt(answer, Wei.ZERO).chain(trial -> switch (trial) {
                    case Trial.Refused refused -> {
                        tries(opened).later(now);
                        lacks(opened, "the contract would refuse it: " + refused.reason());
                        // So says a node, which may be wrong; L1 asks none.
                        yield withoutNodes(opened, view, now);
                    }
                    case Trial.Holds holds -> {
                        Uni<Void> before = isFirstWay(opened, now)
                                ? Uni.createFrom().voidItem()
                                : detoured(opened, view, answer, now);
                        yield before.map(done -> Optional.of(new Ready(opened, answer)));
                    }
                });
            }
        });
    }

    /** L1 costs more than many bonds: a router that was down for a day does not pay it for games that it only has to be back for. */
    private boolean isFirstWay(OpenedGame opened, long now) {
        return !tries(opened).isSent() && now < opened.challenged().deadline() - LAST.toSeconds();
    }

    private Uni<Void> filed(List<Ready> ready, long now) {
        ready.forEach(one -> tries(one.opened()).sent());
        return sender.send(ready, (opened, filing) -> heed(opened, filing, now));
    }

    /** Before the usual way, which may be waited for in vain. */
    private Uni<Void> detoured(OpenedGame opened, StakeView view, VaultCall.Answer answer, long now) {
        long half = opened.challenged().deadline() - view.terms().response().toSeconds() / 2;
        if (detour.isEmpty() || now < half || !tries(opened).takesDetour(now)) {
            return Uni.createFrom().voidItem();
        }
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
        tries(opened).next(now, AGAIN);
        switch (filing) {
            case Filing.Done(var transaction, var block, var spent) -> {
                LOG.infof(
                        "a game was answered, game=%s fault=%s transaction=%s block=%d transaction_wei=%s",
                        opened.challenged().id(), opened.challenged().fault(), transaction, block, spent.value());
                listener.answered(Result.DONE);
            }
            case Filing.Reverted reverted -> told(opened, Result.REVERTED, "it reverted in " + reverted.transaction());
            case Filing.Unsettled(var reason) -> told(opened, Result.UNSETTLED, reason);
            case Filing.NotSent(var reason) -> {
                tries(opened).next(now, SOON);
                told(opened, Result.NOT_SENT, reason);
            }
        }
    }

    private void lacks(OpenedGame opened, String reason) {
        told(opened, Result.NONE, reason);
    }

    /** The same thing is logged once. */
    private void told(OpenedGame opened, Result result, String reason) {
        listener.answered(result);
        if (tries(opened).isNew(reason)) {
            LOG.errorf(
                    "a game against this lane is not answered yet, game=%s fault=%s deadline=%d reason=%s",
                    opened.challenged().id(),
                    opened.challenged().fault(),
                    opened.challenged().deadline(),
                    reason);
        }
    }
}
