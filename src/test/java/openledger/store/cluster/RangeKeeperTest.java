package openledger.store.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import openledger.cluster.ClusterMember;
import openledger.cluster.HeldRange;
import openledger.cluster.RangeOwner;
import openledger.cluster.RangePreparation;
import openledger.store.SettlementDatabase;
import openledger.store.lane.HeldLane;
import openledger.store.lane.LaneHold;
import openledger.unit.LaneId;
import openledger.unit.ResendKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who has which range, when routers come, go, are silent and race; with a real database. Long because each of them does. */
final class RangeKeeperTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Set<Integer> ALL =
            IntStream.range(0, ResendKey.RANGES).boxed().collect(Collectors.toSet());

    private final List<RangedRouter> routers = new ArrayList<>();

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate lane_lease, resend_range_past");
        DATABASE.execute("update resend_range set lane = null, fence = 0");
    }

    @AfterEach
    void close() {
        routers.forEach(RangedRouter::stop);
    }

    @Test
    void aRouterThatIsAloneHasAllAndSharesThemWithOneThatComesAndGetsThemBack() {
        RangedRouter first = router(1);
        await(() -> first.ours() == ResendKey.RANGES);
        RangedRouter second = router(2);

        await(() -> first.ours() + second.ours() == ResendKey.RANGES && second.ours() > 400);
        await(() -> agreed(first, second));
        // Whoever took them was told where they had been.
        assertThat(second.former)
                .isNotEmpty()
                .allSatisfy(lanes -> assertThat(lanes).containsExactly(new LaneId(1)));
        assertThat(first.left).hasSize(second.ours());

        second.stop();
        await(() -> first.ours() == ResendKey.RANGES);
        assertThat(first.former.getLast()).contains(new LaneId(2));
    }

    @Test
    void aRangeInWhichSomethingRunsStaysUntilThatHasEndedAndIsDurable() {
        RangedRouter first = router(1);
        await(() -> first.ours() == ResendKey.RANGES);
        ALL.forEach(range -> assertThat(first.keeper.enter(range)).isTrue());
        CompletableFuture<Void> durable = new CompletableFuture<>();
        first.settled.set(durable);
        RangedRouter second = router(2);
        await(() -> second.looks.size() >= 3);
        assertThat(second.ours()).isZero();

        int moves = (int) ALL.stream().filter(range -> !first.stays(range, 2)).count();
        ALL.forEach(first.keeper::leave);
        await(() -> first.isGiving(64));
        assertThat(second.ours()).isZero();
        durable.complete(null);
        await(() -> second.ours() == moves);
        await(() -> agreed(first, second));
    }

    @Test
    void aTakerWhoseOwnLaneIsLostTakesNothing() throws SQLException {
        RangedRouter first = router(1);
        await(() -> first.ours() == ResendKey.RANGES);
        HeldLane gone = new HeldLane(new LaneId(7), UUID.randomUUID(), 1);
        HeldLane serving = first.hold.get();
        first.stop();
        DATABASE.execute("update lane_lease set expires = now() + interval '1 hour'");
        long version = version();

        assertThat(ask(RangeStatements.TAKE, RangeStatements.change(List.of(serving, gone), ALL, version)))
                .isEmpty();
        assertThat(ask(RangeStatements.TAKE, RangeStatements.change(List.of(gone), ALL, version)))
                .isEmpty();
        HeldLane before = new HeldLane(serving.lane(), serving.holder(), serving.fence() - 1);
        assertThat(ask(RangeStatements.TAKE, RangeStatements.change(List.of(before), ALL, version)))
                .isEmpty();
        assertThat(version()).isEqualTo(version);
        assertThat(ask(RangeStatements.TAKE, RangeStatements.change(List.of(serving), ALL, version)))
                .hasSize(ResendKey.RANGES);
        assertThat(ask(RangeStatements.GIVE, RangeStatements.change(List.of(serving, gone), ALL, RangeStatements.ANY)))
                .isEmpty();
    }

    @Test
    void aSilentHoldIsEndedBeforeItsRangesAreTakenAndNotSooner() throws SQLException {
        RangedRouter first = router(1);
        await(() -> first.ours() == ResendKey.RANGES);
        HeldLane dead = first.hold.get();
        first.vanish();
        DATABASE.execute("update lane_lease set expires = now() - interval '2 seconds' where lane = 1");
        RangedRouter second = router(2);
        await(() -> second.looks.size() >= 1);
        assertThat(second.ours()).isZero();

        DATABASE.execute("update lane_lease set expires = now() - interval '6 seconds' where lane = 1");
        await(() -> second.ours() == ResendKey.RANGES);
        assertThat(ask(LaneHold.HELD, tuple(dead))).isEmpty();
        assertThat(second.former).containsExactly(Set.of(new LaneId(1)));
    }

    @Test
    void whatIsTakenIsServedOnlyOnceItIsPreparedAlsoIfThatFailsAtFirst() {
        List<CompletableFuture<Void>> preparations = new CopyOnWriteArrayList<>();
        RangedRouter first = new RangedRouter(DATABASE, 1, (ranges, lanes) -> {
            CompletableFuture<Void> prepared = new CompletableFuture<>();
            preparations.add(prepared);
            return Uni.createFrom().completionStage(prepared);
        });
        routers.add(first);
        await(() -> preparations.size() == 1);
        assertThat(first.keeper.map().owner(0)).isEqualTo(new RangeOwner.Nobody());
        assertThat(first.keeper.enter(0)).isFalse();
        preparations.getFirst().completeExceptionally(new IllegalStateException("the journal cannot be read"));

        await(() -> preparations.size() == 2);
        assertThat(first.keeper.enter(0)).isFalse();
        preparations.get(1).complete(null);
        await(() -> first.ours() == ResendKey.RANGES);
        assertThat(first.keeper.enter(0)).isTrue();
    }

    /** Two that race for the same ranges with the same version: each gets all of it or nothing. */
    @Test
    void ofTwoThatRaceOneGetsThem() throws Exception {
        HeldLane one = RangedRouter.take(DATABASE, 1);
        HeldLane two = RangedRouter.take(DATABASE, 2);
        Random random = new Random(1);
        for (int turn = 0; turn < 100; turn++) {
            DATABASE.execute("update resend_range set lane = null");
            Set<Integer> ranges = random.ints(20, 0, ResendKey.RANGES).boxed().collect(Collectors.toSet());
            long version = version();
            var a = DATABASE.pool
                    .preparedQuery(RangeStatements.TAKE)
                    .execute(RangeStatements.change(List.of(one), ranges, version))
                    .toCompletionStage()
                    .toCompletableFuture();
            var b = DATABASE.pool
                    .preparedQuery(RangeStatements.TAKE)
                    .execute(RangeStatements.change(List.of(two), ranges, version))
                    .toCompletionStage()
                    .toCompletableFuture();
            Set<Integer> byOne = RangeStatements.ranges(a.get());
            Set<Integer> byTwo = RangeStatements.ranges(b.get());
            assertThat(byOne.size() + byTwo.size()).isEqualTo(ranges.size());
            Set<Integer> both = new HashSet<>(byOne);
            both.retainAll(byTwo);
            assertThat(both).isEmpty();
            assertThat(version()).isEqualTo(version + 1);
            for (HeldRange row : rows()) {
                if (ranges.contains(row.range())) {
                    assertThat(row.lane()).contains(byOne.isEmpty() ? two.lane() : one.lane());
                }
            }
        }
    }

    /** Routers come, are fenced and go at random; at no moment do two answer for one range. */
    @Test
    void noRangeIsEverServedByTwoWhoCanWrite() throws Exception {
        Random random = new Random(3);
        Set<String> faults = ConcurrentHashMap.newKeySet();
        for (int lane = 1; lane <= 3; lane++) {
            router(lane);
        }
        for (int turn = 0; turn < 12; turn++) {
            int victim = random.nextInt(3);
            RangedRouter old = routers.get(victim);
            if (random.nextBoolean()) {
                old.stop();
            } else {
                old.vanish();
                DATABASE.execute(
                        "update lane_lease set expires = now() - interval '6 seconds' where lane = " + (victim + 1));
            }
            if (random.nextBoolean()) {
                Thread.sleep(random.nextInt(1_200));
            }
            routers.set(victim, new RangedRouter(DATABASE, victim + 1, RangePreparation.NONE));
            for (int look = 0; look < 50; look++) {
                check(faults);
                Thread.sleep(10);
            }
        }
        assertThat(faults).isEmpty();
        RangedRouter[] all = routers.toArray(RangedRouter[]::new);
        await(() -> all[0].ours() + all[1].ours() + all[2].ours() == ResendKey.RANGES);
        check(faults);
        assertThat(faults).isEmpty();
    }

    private void check(Set<String> faults) throws Exception {
        List<HeldRange> rows = rows();
        for (RangedRouter router : routers) {
            HeldLane hold = router.hold.get();
            boolean canWrite = !ask(LaneHold.HELD, tuple(hold)).isEmpty();
            for (HeldRange row : rows) {
                boolean serves = router.keeper.map().owner(row.range()) instanceof RangeOwner.Ours;
                boolean has = row.isOf(new ClusterMember(hold.lane(), hold.fence(), "", true));
                // A range that it has got, or given, since the rows were read is looked at again.
                if (canWrite && serves && !has && !isOfSoon(router, row.range())) {
                    faults.add(hold + " serves " + row);
                }
            }
        }
    }

    private static boolean isOfSoon(RangedRouter router, int range) {
        HeldLane hold = router.hold.get();
        HeldRange now =
                rows().stream().filter(row -> row.range() == range).findFirst().orElseThrow();
        boolean lets = router.keeper.enter(range);
        if (lets) {
            router.keeper.leave(range);
        }
        return now.isOf(new ClusterMember(hold.lane(), hold.fence(), "", true)) || !lets;
    }

    private RangedRouter router(int lane) {
        RangedRouter router = new RangedRouter(DATABASE, lane, RangePreparation.NONE);
        routers.add(router);
        return router;
    }

    private static boolean agreed(RangedRouter first, RangedRouter second) {
        return ALL.stream().allMatch(range -> switch (first.keeper.map().owner(range)) {
            case RangeOwner.Ours ours ->
                second.keeper.map().owner(range) instanceof RangeOwner.Another(var member)
                        && member.lane().equals(first.hold.get().lane())
                        && member.address().equals(first.address);
            case RangeOwner.Another(var member) ->
                second.keeper.map().owner(range) instanceof RangeOwner.Ours
                        && member.lane().equals(second.hold.get().lane());
            case RangeOwner.Nobody nobody -> false;
        });
    }

    private static long version() {
        return ask(RangeStatements.VERSION, Tuple.tuple()).getFirst().getLong(0);
    }

    private static List<HeldRange> rows() {
        return RangeStatements.Rows.of(
                        get(DATABASE.pool.preparedQuery(RangeStatements.READ).execute()))
                .ranges();
    }

    private static List<Row> ask(String sql, Tuple values) {
        List<Row> rows = new ArrayList<>();
        get(DATABASE.pool.preparedQuery(sql).execute(values)).forEach(rows::add);
        return rows;
    }

    private static RowSet<Row> get(io.vertx.core.Future<RowSet<Row>> question) {
        return question.toCompletionStage().toCompletableFuture().join();
    }

    private static Tuple tuple(HeldLane hold) {
        return Tuple.of(hold.lane().value(), hold.holder(), hold.fence());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
