package openledger.store.cluster;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import openledger.cluster.ClusterMember;
import openledger.cluster.RangeGates;
import openledger.cluster.RangeMap;
import openledger.cluster.RangePlan;
import openledger.cluster.RangePreparation;
import openledger.cluster.ResendRanges;
import openledger.store.DatabaseServers;
import openledger.store.cluster.RangeStatements.Rows;
import openledger.store.lane.HeldLane;
import openledger.unit.LaneId;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a router's part of the map of ranges: it says where the router is, takes the ranges that belong to it, has them prepared before
 * they are served, gives away the others while nothing runs in them, and gives back all of them at a planned stop. It follows the map on a
 * connection of its own, by {@code NOTIFY} and every second in any case.
 *
 * <p>That a map may be old does no harm: a range changes hands only if its holder gives it, or can make nothing durable any more.
 * Long because looking, taking, preparing and giving follow each other here. Confined to one event loop, but for what a {@link ResendRanges}
 * answers, {@link #open} and {@link #close}.
 */
public final class RangeKeeper implements ResendRanges {
    private static final Logger LOG = Logger.getLogger(RangeKeeper.class);
    private static final Duration LONGEST_QUESTION = Duration.ofSeconds(1);
    private static final ClusterLink.Purpose LINK = new ClusterLink.Purpose(
            RangeStatements.CHANNEL,
            LONGEST_QUESTION,
            "the map of ranges cannot be followed",
            "the map of ranges is followed again");
    private static final Duration POLL = Duration.ofSeconds(1);
    /** While there is no lane. */
    private static final Duration POLL_FOR_LANE = Duration.ofMillis(100);

    /** So that few requests find a range between two routers when a third comes. */
    private static final int MOST_GIVEN_AT_ONCE = 64;

    private final Vertx vertx;
    private final Context loop;
    private final ClusterLink link;
    private final String address;
    private final Supplier<List<HeldLane>> holds;
    private final Supplier<Uni<Void>> settled;
    private final RangePreparation preparation;
    private final Followers followers;
    private final RangeGates gates = new RangeGates();
    private volatile RangeMap map = RangeMap.UNKNOWN;
    private Promise<RangeMap> next = Promise.promise();
    private @Nullable HeldLane self;
    private Rows rows = new Rows(-1, List.of());
    private List<ClusterMember> members = List.of();
    private volatile int routers = 1;
    private final RoutersOutside outside = new RoutersOutside();
    private final Set<Integer> ready = new HashSet<>();
    private final Set<Integer> preparing = new HashSet<>();
    private boolean looking;
    private boolean lookAgain;
    private long nextLook = -1;
    /** A gift was asked for and not answered: it may still happen. */
    private boolean inDoubt;

    private boolean draining;
    private boolean stopping;
    private boolean closed;

    /**
     * A keeper that is not open yet.
     *
     * @param database that all routers have
     * @param address {@code host:port} at which we take requests of other routers
     * @param holds our holds on lanes, the one that serves first; none while we have none. Asked on our event loop
     * @param settled completes when all that requests have handed to the journal is durable
     * @param preparation of ranges that have been taken
     */
    public RangeKeeper(
            Vertx vertx,
            DatabaseServers database,
            String address,
            Supplier<List<HeldLane>> holds,
            Supplier<Uni<Void>> settled,
            RangePreparation preparation,
            Followers followers) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.link = new ClusterLink(vertx, database, LINK, this::look, said -> look());
        this.address = address;
        this.holds = holds;
        this.settled = settled;
        this.preparation = preparation;
        this.followers = followers;
    }

    /**
     * Who is told of changes, on our event loop.
     *
     * @param left ranges that are not ours any more: what is kept of their requests is of no use
     * @param living all holds on lanes, at each look
     */
    public record Followers(Consumer<Set<Integer>> left, Consumer<Collection<ClusterMember>> living) {}

    /** Begins, and goes on for as long as it takes. */
    public void open() {
        loop.runOnContext(go -> link.open());
    }

    /** We are to stop: from now on every range is given away as soon as nothing runs in it, and none is taken. */
    public void drain() {
        loop.runOnContext(go -> {
            draining = true;
            ready.forEach(gates::close);
            look();
        });
    }

    /**
     * Gives back every range in which nothing runs, and ends. To be called once requests have ended and before the lane is given back.
     * Completes in any case, within two seconds.
     */
    public Uni<Void> close() {
        return Uni.createFrom()
                .emitter(to -> loop.runOnContext(go -> {
                    stopping = true;
                    Set<Integer> ours = new HashSet<>(ready);
                    give(ours, ours.size(), RangeStatements.ANY)
                            .timeout(2 * LONGEST_QUESTION.toMillis(), TimeUnit.MILLISECONDS)
                            .onComplete(given -> {
                                closed = true;
                                map = RangeMap.UNKNOWN;
                                ours.forEach(gates::close);
                                link.close();
                                to.complete(null);
                            });
                }));
    }

    @Override
    public RangeMap map() {
        return map;
    }

    @Override
    public int routers() {
        return routers;
    }

    @Override
    public boolean enter(int range) {
        return gates.enter(range);
    }

    @Override
    public void leave(int range) {
        gates.leave(range);
    }

    @Override
    public Uni<RangeMap> refresh() {
        return Uni.createFrom()
                .emitter(to -> loop.runOnContext(go -> {
                    // A look that is under way may have asked before the change.
                    Future<RangeMap> found = looking ? next.future().compose(before -> looked()) : looked();
                    found.timeout(LONGEST_QUESTION.toMillis(), TimeUnit.MILLISECONDS)
                            .otherwise(late -> map)
                            .onSuccess(to::complete);
                }));
    }

    private Future<RangeMap> looked() {
        Future<RangeMap> found = next.future();
        look();
        return found;
    }

    private void look() {
        if (closed || !link.isOpen()) {
            return;
        }
        if (looking) {
            lookAgain = true;
            return;
        }
        looking = true;
        lookAgain = false;
        vertx.cancelTimer(nextLook);
        List<HeldLane> ours = holds.get();
        begin(ours.isEmpty() ? null : ours.getFirst());
        link.ask(RangeStatements.MEMBERS, Tuple.tuple())
                .compose(found -> {
                    members = RangeStatements.members(found);
                    outside.look(members, System.nanoTime());
                    routers = Math.max(1, (int)
                            members.stream().filter(ClusterMember::takesKeys).count());
                    return link.ask(RangeStatements.VERSION, Tuple.tuple());
                })
                .compose(found -> found.iterator().next().getLong(0) == rows.version()
                        ? Future.succeededFuture()
                        : link.ask(RangeStatements.READ, Tuple.tuple()).onSuccess(read -> rows = Rows.of(read)))
                .compose(seen -> {
                    publish();
                    Promise<RangeMap> waiting = next;
                    next = Promise.promise();
                    waiting.complete(map);
                    return ours.isEmpty() || stopping ? Future.succeededFuture() : act(ours);
                })
                .onComplete(result -> over());
    }

    private void over() {
        looking = false;
        link.followed();
        if (lookAgain) {
            look();
        } else if (!closed) {
            nextLook = vertx.setTimer((self == null ? POLL_FOR_LANE : POLL).toMillis(), due -> look());
        }
    }

    /** Another hold than before has no range yet. */
    private void begin(@Nullable HeldLane now) {
        if (now == null ? self != null : !now.equals(self)) {
            leave(new HashSet<>(ready));
            preparing.clear();
            self = now;
        }
    }

    private void leave(Set<Integer> gone) {
        gone.forEach(gates::close);
        ready.removeAll(gone);
        if (!gone.isEmpty()) {
            followers.left().accept(gone);
        }
    }

    /** What is known now, for everybody. */
    private void publish() {
        HeldLane ours = self;
        if (ours == null || closed) {
            map = RangeMap.UNKNOWN;
            return;
        }
        ClusterMember us = us(ours);
        Set<Integer> gone = new HashSet<>(ready);
        rows.ranges().stream().filter(row -> row.isOf(us)).forEach(row -> gone.remove(row.range()));
        leave(gone);
        map = RangeMap.of(rows.version(), us, rows.ranges(), members, ready);
        followers.living().accept(members);
    }

    private ClusterMember us(HeldLane ours) {
        return new ClusterMember(ours.lane(), ours.fence(), address, true);
    }

    private Future<?> act(List<HeldLane> ours) {
        HeldLane serving = ours.getFirst();
        if (draining) {
            // What runs goes on; nothing begins.
            ready.forEach(gates::close);
            return link.ask(RangeStatements.DRAIN, RangeStatements.hold(serving))
                    .compose(finishes -> give(Set.copyOf(ready), MOST_GIVEN_AT_ONCE, RangeStatements.ANY));
        }
        boolean isToBeSaid = members.stream()
                .anyMatch(member ->
                        member.isSameHold(us(serving)) && !member.address().equals(address));
        Future<?> said = isToBeSaid
                ? link.ask(RangeStatements.ADDRESS, RangeStatements.address(serving, address))
                        .onSuccess(found -> lookAgain = true)
                : Future.succeededFuture();
        RangePlan plan = RangePlan.of(us(serving), rows.ranges(), members);
        prepare(serving);
        return said.compose(next -> link.ask(RangeStatements.FENCE, RangeStatements.holds(ours)))
                .compose(fenced -> {
                    if (fenced.size() > 0) {
                        LOG.warnf(
                                "holds that were silent are over, lanes=%s",
                                RangeStatements.lanes(fenced).stream()
                                        .map(LaneId::value)
                                        .toList());
                        lookAgain = true;
                    }
                    return plan.take().isEmpty()
                            ? Future.succeededFuture()
                            : link.ask(RangeStatements.TAKE, RangeStatements.change(ours, plan.take(), rows.version()))
                                    .onSuccess(taken -> lookAgain = true);
                })
                .compose(taken -> reopen(plan.give()))
                // After the others: each change counts the version that we have seen.
                .compose(reopened -> plan.give().isEmpty() || !plan.take().isEmpty()
                        ? Future.succeededFuture()
                        : give(plan.give(), MOST_GIVEN_AT_ONCE, rows.version()).otherwiseEmpty());
    }

    /** What was closed to be given away, and is not to be any more; not while the gift may still happen. */
    private Future<?> reopen(Set<Integer> given) {
        if (inDoubt) {
            return link.ask(RangeStatements.COUNT, Tuple.tuple()).onSuccess(counted -> {
                inDoubt = false;
                lookAgain = true;
            });
        }
        if (!draining) {
            ready.stream().filter(range -> !given.contains(range)).forEach(gates::open);
        }
        return Future.succeededFuture();
    }

    /** Nothing runs in them, and all that ran is durable: whoever takes them finds it in our journal. */
    private Future<?> give(Set<Integer> ranges, int most, long version) {
        List<HeldLane> ours = holds.get();
        Set<Integer> idle = new TreeSet<>();
        for (int range : ranges) {
            if (idle.size() < most && ready.contains(range) && gates.closeIfIdle(range)) {
                idle.add(range);
            }
        }
        if (idle.isEmpty() || ours.isEmpty()) {
            return Future.succeededFuture();
        }
        return onLoop(settled.get())
                .compose(durable -> link.ask(RangeStatements.GIVE, RangeStatements.change(ours, idle, version)))
                .onFailure(silent -> inDoubt = true)
                .onSuccess(given -> lookAgain = true);
    }

    /** Ranges that are ours, and that we do not answer for yet. */
    private void prepare(HeldLane ours) {
        Set<Integer> fresh = new TreeSet<>();
        rows.ranges().stream()
                .filter(row -> row.isOf(us(ours)) && !ready.contains(row.range()) && !preparing.contains(row.range()))
                .forEach(row -> fresh.add(row.range()));
        if (fresh.isEmpty()) {
            return;
        }
        preparing.addAll(fresh);
        link.ask(RangeStatements.PAST, RangeStatements.ranges(fresh))
                .compose(past -> {
                    Set<LaneId> former = RangeStatements.lanes(past);
                    return onLoop(preparation.prepare(fresh, former));
                })
                .onComplete(result -> prepared(ours, fresh, result.cause()));
    }

    private void prepared(HeldLane by, Set<Integer> fresh, @Nullable Throwable failure) {
        if (!by.equals(self)) {
            return;
        }
        preparing.removeAll(fresh);
        if (failure != null) {
            link.trouble(failure);
            return;
        }
        ready.addAll(fresh);
        if (!draining) {
            fresh.forEach(gates::open);
        }
        publish();
        LOG.infof("ranges of keys are answered for, taken=%d all=%d", fresh.size(), ready.size());
    }

    /** The work of another port, to its end on our event loop. */
    private <T> Future<T> onLoop(Uni<T> work) {
        Promise<T> done = Promise.promise();
        work.subscribe()
                .with(
                        item -> loop.runOnContext(go -> done.complete(item)),
                        failure -> loop.runOnContext(go -> done.fail(failure)));
        return done.future();
    }
}
