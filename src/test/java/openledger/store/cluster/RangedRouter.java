package openledger.store.cluster;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import openledger.cluster.ClusterMember;
import openledger.cluster.HeldRange;
import openledger.cluster.RangePlan;
import openledger.cluster.RangePreparation;
import openledger.store.SettlementDatabase;
import openledger.store.lane.HeldLane;
import openledger.store.lane.LaneHold;
import openledger.unit.LaneId;
import openledger.unit.ResendKey;

/** A router, as far as ranges are concerned: its hold on its lane does not expire. */
final class RangedRouter {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Set<Integer> ALL =
            IntStream.range(0, ResendKey.RANGES).boxed().collect(Collectors.toSet());
    private static final String TAKEN = "insert into lane_lease as l (lane, holder, fence, expires)"
            + " values ($1, $2, 1, now() + interval '1 hour') on conflict (lane) do update"
            + " set holder = $2, fence = l.fence + 1, expires = now() + interval '1 hour', address = '', state = 1"
            + " where l.expires < now() returning fence";

    final AtomicReference<HeldLane> hold;
    private final SettlementDatabase database;
    final AtomicReference<CompletableFuture<Void>> settled = new AtomicReference<>(CompletableFuture.allOf());
    final List<Set<LaneId>> former = new CopyOnWriteArrayList<>();
    final Set<Integer> left = ConcurrentHashMap.newKeySet();
    final List<Integer> looks = new CopyOnWriteArrayList<>();
    final String address;
    final RangeKeeper keeper;
    private volatile boolean gone;
    private boolean stopped;

    RangedRouter(SettlementDatabase database, int lane, RangePreparation preparation) {
        this.database = database;
        hold = new AtomicReference<>(take(database, lane));
        address = "127.0.0.1:" + (9_000 + lane);
        keeper = new RangeKeeper(
                database.vertx,
                database.servers(),
                address,
                () -> gone ? List.of() : List.of(hold.get()),
                () -> Uni.createFrom().completionStage(settled.get()),
                (ranges, lanes) -> {
                    former.add(lanes);
                    return preparation.prepare(ranges, lanes);
                },
                new RangeKeeper.Followers(left::addAll, members -> looks.add(members.size())));
        keeper.open();
    }

    int ours() {
        return keeper.map().ours();
    }

    boolean stays(int range, int otherLane) {
        ClusterMember us = new ClusterMember(hold.get().lane(), hold.get().fence(), address, true);
        ClusterMember other = new ClusterMember(new LaneId(otherLane), 1, "x", true);
        HeldRange row = new HeldRange(range, Optional.of(us.lane()), us.fence());
        return RangePlan.of(us, List.of(row), List.of(us, other)).give().isEmpty();
    }

    boolean isGiving(int ranges) {
        return ALL.stream()
                        .filter(range -> {
                            boolean open = keeper.enter(range);
                            if (open) {
                                keeper.leave(range);
                            }
                            return !open;
                        })
                        .count()
                >= ranges;
    }

    /** As a planned stop, the lane included. */
    void stop() {
        if (!stopped) {
            stopped = true;
            keeper.close().await().atMost(PATIENCE);
            get(database.pool.preparedQuery(LaneHold.RELEASE).execute(tuple(hold.get())));
        }
    }

    /** As a router that was killed: it gives nothing back. */
    void vanish() {
        stopped = true;
        gone = true;
    }

    static HeldLane take(SettlementDatabase database, long lane) {
        UUID holder = UUID.randomUUID();
        expire(database, lane);
        RowSet<Row> taken = get(database.pool.preparedQuery(TAKEN).execute(Tuple.of(lane, holder)));
        return new HeldLane(new LaneId(lane), holder, taken.iterator().next().getLong(0));
    }

    private static void expire(SettlementDatabase database, long lane) {
        get(database.pool
                .preparedQuery("update lane_lease set expires = least(expires, now() - interval '1 millisecond')"
                        + " where lane = $1")
                .execute(Tuple.of(lane)));
    }

    private static RowSet<Row> get(Future<RowSet<Row>> question) {
        return question.toCompletionStage().toCompletableFuture().join();
    }

    private static Tuple tuple(HeldLane hold) {
        return Tuple.of(hold.lane().value(), hold.holder(), hold.fence());
    }
}
