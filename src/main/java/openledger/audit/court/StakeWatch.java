package openledger.audit.court;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.audit.court.Court.LaneStake;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.audit.court.StakeView.Penalty;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.VaultEvent;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.jspecify.annotations.Nullable;

/**
 * Follows what a vault tells of one lane. It keeps nothing that the chain has not: what it knows begins with the first step, 30 days back
 * or as long as a game may last. Steps come one after another; what was seen last may be read from any thread.
 */
public final class StakeWatch {
    private static final Duration SHOWN = Duration.ofDays(30);
    /** Blocks that are read at once while it catches up. */
    private static final long CHUNK = 10_000;
    /** Newest blocks that are read again at each step, since they may be others by then. */
    private static final long OVERLAP = 300;
    /** Events that are kept: each is a game or a penalty, and costs somebody money. */
    private static final int MOST_KEPT = 20_000;

    private final Court court;
    private final LaneId lane;
    private final List<Told> kept = new ArrayList<>();
    private long unread = -1;
    private long leavesBy;
    private volatile @Nullable StakeView latest;

    public StakeWatch(Court court, LaneId lane) {
        this.court = court;
        this.lane = lane;
    }

    /** What was seen last; empty before the first step has ended. */
    public Optional<StakeView> latest() {
        return Optional.ofNullable(latest);
    }

    /** Looks again. Fails if no node answers, and goes on there the next time. */
    public Uni<StakeView> step() {
        return court.terms()
                .chain(terms -> court.time()
                        .chain(time -> from(terms, time)
                                .chain(from -> read(from, time.latest()))
                                .chain(done -> court.stake(lane))
                                .map(stake -> show(terms, time, stake))));
    }

    private Uni<Long> from(VaultTerms terms, ChainTime time) {
        if (unread >= 0) {
            return Uni.createFrom().item(Math.min(unread, Math.max(0, time.latest() - OVERLAP)));
        }
        Duration longest = terms.response().plus(Duration.ofDays(1));
        Duration back = longest.compareTo(SHOWN) > 0 ? longest : SHOWN;
        return court.blockAt(time.seconds() - back.toSeconds()).invoke(first -> unread = first);
    }

    private Uni<Boolean> read(long from, long to) {
        unread = from;
        return Uni.createFrom()
                .deferred(() -> chunk(to))
                .repeat()
                .whilst(more -> more)
                .collect()
                .last();
    }

    private Uni<Boolean> chunk(long to) {
        if (unread > to) {
            return Uni.createFrom().item(false);
        }
        long from = unread;
        long last = Math.min(to, from + CHUNK - 1);
        return court.events(lane, from, last).map(told -> {
            kept.removeIf(event -> event.block() >= from);
            told.forEach(this::take);
            if (kept.size() > MOST_KEPT) {
                kept.subList(0, kept.size() - MOST_KEPT).clear();
            }
            unread = last + 1;
            return true;
        });
    }

    /** Anybody can put in and ask for a little as often as they like: that is not kept. */
    private void take(Told told) {
        switch (told.event()) {
            case VaultEvent.Challenged _, VaultEvent.Answered _, VaultEvent.Lost _, VaultEvent.Penalised _ ->
                kept.add(told);
            case VaultEvent.WithdrawalAsked asked -> leavesBy = Math.max(leavesBy, asked.leavesAt());
            case VaultEvent.Deposited _,
                    VaultEvent.Withdrawn _,
                    VaultEvent.RanShort _,
                    VaultEvent.Filled _,
                    VaultEvent.Released _ -> {}
        }
    }

    private StakeView show(VaultTerms terms, ChainTime time, LaneStake stake) {
        Map<Hash32, OpenedGame> games = new LinkedHashMap<>();
        List<Penalty> penalties = new ArrayList<>();
        for (Told told : kept) {
            switch (told.event()) {
                case VaultEvent.Challenged challenged ->
                    games.put(challenged.id(), new OpenedGame(challenged, told.transaction(), Game.State.OPEN));
                case VaultEvent.Answered answered -> end(games, answered.id(), Game.State.ANSWERED);
                case VaultEvent.Lost lost -> end(games, lost.id(), Game.State.LOST);
                case VaultEvent.Penalised penalised ->
                    penalties.add(new Penalty(penalised, told.block(), told.transaction()));
                default -> {}
            }
        }
        StakeView view = new StakeView(
                court.vault(),
                time,
                terms,
                stake,
                stake.pool().leavingShares().signum() == 0 ? 0 : leavesBy,
                new ArrayList<>(games.values()),
                penalties);
        latest = view;
        return view;
    }

    private static void end(Map<Hash32, OpenedGame> games, Hash32 id, Game.State state) {
        games.computeIfPresent(id, (same, game) -> new OpenedGame(game.challenged(), game.transaction(), state));
    }
}
