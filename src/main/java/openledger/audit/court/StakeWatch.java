package openledger.audit.court;

import io.smallrye.mutiny.Uni;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import openledger.audit.court.Court.LaneStake;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.audit.court.StakeView.Penalty;
import openledger.commitment.BatchHeader;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.VaultEvent;
import openledger.commitment.stake.VaultTerms;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.settlement.receipt.Batches.Located;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.jspecify.annotations.Nullable;

/**
 * Follows what a vault tells of one lane. It keeps nothing that the chain has not: what it knows begins with the first step, 30 days back
 * or as long as a game may last. Steps come one after another; what was seen last may be read from any thread. Long because what a node that
 * lies, or a crowd, can do to it is bounded in one place.
 */
public final class StakeWatch {
    private static final Duration SHOWN = Duration.ofDays(30);
    /** Blocks that are read at once while it catches up, fewer where a node cannot tell so much. */
    private static final long CHUNK = 10_000;
    /** Chunks of one step, so that a node that lies about the newest block does not hold it for ever. */
    private static final int MOST_CHUNKS = 1_200;
    /** Newest blocks that are read again at each step, since they may be others by then; and all that are not FINALIZED, up to a chunk. */
    private static final long OVERLAP = 300;
    /** Events that are kept beside those of open games: each is a game or a penalty, and costs somebody money. */
    private static final int MOST_KEPT = 20_000;
    /** A receipt waits no longer for what only the chain knows. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    /** Without a new block for so long, what was seen last may be over. */
    private static final long STALE_NANOS = Duration.ofMinutes(2).toNanos();

    private final Court court;
    private final LaneId lane;
    private final LongSupplier nanos;
    private final List<Told> kept = new ArrayList<>();
    private long unread = -1;
    private long chunk = CHUNK;
    private BigInteger leaving = BigInteger.ZERO;
    private long leavesBy;
    private long since;
    private volatile @Nullable StakeView latest;
    private volatile long movedAt;

    public StakeWatch(Court court, LaneId lane) {
        this(court, lane, System::nanoTime);
    }

    /** With another clock. */
    StakeWatch(Court court, LaneId lane, LongSupplier nanos) {
        this.court = court;
        this.lane = lane;
        this.nanos = nanos;
    }

    /** What was seen last; empty before the first step has ended. */
    public Optional<StakeView> latest() {
        return Optional.ofNullable(latest);
    }

    /**
     * Whether what was seen last is old, because no node was read or the chain has had no new block for two minutes. By no clock but the
     * time that passes here; false before the first step has ended.
     */
    public boolean isStale() {
        return latest != null && nanos.getAsLong() - movedAt > STALE_NANOS;
    }

    public LaneId lane() {
        return lane;
    }

    /**
     * What the vault has told of a leaf of the lane; empty while that is not known, and if the leaf's batch is not on chain. It is what was
     * seen last; only whether a leaf of before what is watched was punished is asked then, for two seconds at most. Never fails.
     */
    public Uni<Optional<LeafStake>> behind(Located leaf) {
        StakeView view = latest;
        Optional<Inclusion> there =
                leaf.batch().inclusion().filter(inclusion -> inclusion.effect() == Inclusion.Effect.DONE);
        if (view == null || there.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        long committedAt = there.get().committedAt();
        return wasPunished(view, leaf, committedAt)
                .map(was -> was.map(punished -> LeafStake.of(view, leaf, committedAt, punished)));
    }

    private Uni<Optional<Boolean>> wasPunished(StakeView view, Located leaf, long committedAt) {
        if (committedAt >= view.since()) {
            return Uni.createFrom().item(Optional.of(false));
        }
        BatchHeader header = leaf.batch().header();
        return court.isPunished(lane, header.sequence(), leaf.proof().index() - header.firstIndex())
                .map(Optional::of)
                .ifNoItem()
                .after(LONGEST)
                .recoverWithItem(Optional.empty())
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(Optional.empty());
    }

    /** Looks again. Fails if no node answers, and goes on there the next time. */
    public Uni<StakeView> step() {
        return court.terms()
                .chain(terms -> court.time()
                        .chain(time -> from(terms, time)
                                .chain(from -> read(from, time))
                                .chain(done -> court.stake(lane))
                                .map(stake -> show(terms, time, stake))));
    }

    private Uni<Long> from(VaultTerms terms, ChainTime time) {
        if (unread >= 0) {
            long notFinal = Math.max(time.finalized() + 1, time.latest() - CHUNK);
            return Uni.createFrom().item(Math.max(0, Math.min(unread, Math.min(notFinal, time.latest() - OVERLAP))));
        }
        Duration longest = terms.response().plus(Duration.ofDays(1));
        Duration back = longest.compareTo(SHOWN) > 0 ? longest : SHOWN;
        since = time.seconds() - back.toSeconds();
        return court.blockAt(since).invoke(first -> unread = first);
    }

    private Uni<Boolean> read(long from, ChainTime time) {
        unread = from;
        AtomicInteger left = new AtomicInteger(MOST_CHUNKS);
        return Uni.createFrom()
                .deferred(() -> left.getAndDecrement() > 0
                        ? chunk(time)
                        : Uni.createFrom().item(false))
                .repeat()
                .whilst(more -> more)
                .collect()
                .last();
    }

    private Uni<Boolean> chunk(ChainTime time) {
        long to = time.latest();
        if (unread > to) {
            return Uni.createFrom().item(false);
        }
        long from = unread;
        long last = Math.min(to, from + chunk - 1);
        return court.cases(lane, from, last)
                .map(told -> {
                    kept.removeIf(event -> event.block() >= from);
                    kept.addAll(told);
                    bound(time);
                    unread = last + 1;
                    chunk = Math.min(CHUNK, 2 * chunk);
                    return true;
                })
                .onFailure()
                .invoke(why -> chunk = Math.max(1, (last - from + 1) / 2));
    }

    /** Of what is over the oldest goes first; an open game has to be answered, however many there are. */
    private void bound(ChainTime time) {
        if (kept.size() <= MOST_KEPT) {
            return;
        }
        Set<Hash32> open = new HashSet<>();
        for (Told told : kept) {
            switch (told.event()) {
                case VaultEvent.Challenged challenged -> open.add(challenged.id());
                case VaultEvent.Answered answered -> open.remove(answered.id());
                case VaultEvent.Lost lost -> open.remove(lost.id());
                default -> {}
            }
        }
        long[] over = {kept.size() - open.size() - MOST_KEPT};
        boolean dropped = kept.removeIf(
                told -> !(told.event() instanceof VaultEvent.Challenged challenged && open.contains(challenged.id()))
                        && over[0]-- > 0);
        if (dropped) {
            // A penalty may be among them.
            since = time.seconds();
        }
    }

    /**
     * Until when what leaves is liable at the latest: as if all had been asked for when more was seen to leave. The vault keeps the time of
     * each staker and none of the lane, and anybody can ask for a little as often as they like, so their events are not read. After a
     * start it is counted from there, so it is later than the truth, and never earlier.
     */
    private long leavesBy(VaultTerms terms, ChainTime time, LaneStake stake) {
        BigInteger now = stake.pool().leavingShares();
        if (now.compareTo(leaving) > 0) {
            leavesBy = Math.max(
                    leavesBy,
                    Math.max(time.seconds(), stake.pool().shortUntil())
                            + terms.delay().toSeconds());
        }
        leaving = now;
        return now.signum() == 0 ? 0 : leavesBy;
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
                leavesBy(terms, time, stake),
                new ArrayList<>(games.values()),
                penalties,
                since);
        StakeView before = latest;
        if (before == null || before.time().latest() != time.latest()) {
            movedAt = nanos.getAsLong();
        }
        latest = view;
        return view;
    }

    private static void end(Map<Hash32, OpenedGame> games, Hash32 id, Game.State state) {
        games.computeIfPresent(id, (same, game) -> new OpenedGame(game.challenged(), game.transaction(), state));
    }
}
