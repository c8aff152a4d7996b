package openledger.wiring.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import openledger.http.LogAccess.Readers;
import openledger.inference.Catalog;
import openledger.inference.record.Decision;
import openledger.inference.record.Journal.Appended;
import openledger.routing.DecisionStatus;
import openledger.settlement.TestDecisions;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.witness.CosigningListener;
import openledger.store.SettlementDatabase;
import openledger.store.journal.GroupCommitJournal;
import openledger.store.journal.JournalRecovery;
import openledger.store.journal.JournalSettings;
import openledger.store.lane.LaneHold;
import openledger.store.lane.LaneLeases;
import openledger.store.lane.LaneLeases.Seen;
import openledger.store.lane.StoredLaneSecrets;
import openledger.store.stream.FakeStream;
import openledger.store.stream.StreamExporter.Pace;
import openledger.store.stream.StreamExporters;
import openledger.stream.TenantNames;
import openledger.unit.LaneId;
import openledger.unit.LaneNumbers;
import openledger.unit.RequestId;
import openledger.wiring.LogSettings;
import openledger.wiring.lanes.LaneFinisher.Ended;
import openledger.wiring.loop.VertxTimekeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a lane whose router has died. Long because a dead router has to be made. */
final class LaneKeeperTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final LaneSettings LANES = new LaneSettings(LaneNumbers.parse("1-4"), 1, Map.of());
    /** Of TestDecisions. */
    private static final LaneId DEAD = new LaneId(2);

    private static final int ENDED = 3;

    private final LaneLeases leases = new LaneLeases(DATABASE.pool);
    private final List<LaneKeeper> keepers = new ArrayList<>();
    private final FakeStream stream = new FakeStream();
    private Optional<StreamExporters> streams = Optional.empty();

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void die() throws SQLException {
        DATABASE.execute(
                "truncate lane_lease, stream_cursor, journal_chunk, projection, decision, batch, sequencer_lease cascade");
        LaneHold hold = new LaneHold(DEAD);
        GroupCommitJournal journal = new GroupCommitJournal(
                DATABASE.vertx, DATABASE.servers(), settings(DEAD), new JournalRecovery(DATABASE.pool), hold, () -> {});
        get(journal.open());
        for (int i = 0; i <= ENDED; i++) {
            if (journal.append(decision(i + 1).intent()) instanceof Appended.Accepted accepted && i < ENDED) {
                get(journal.durable(accepted.position()));
                journal.append(decision((int) accepted.id().counter()));
            }
        }
        get(journal.close());
        DATABASE.execute("update lane_lease set expires = now() - interval '6 seconds'");
    }

    @AfterEach
    void end() {
        streams.ifPresent(StreamExporters::stop);
        keepers.forEach(keeper -> keeper.stop()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join());
    }

    @Test
    void ofAllRoutersOneGivesEveryRequestItsEndAndTheLaneIsFree() throws SQLException {
        LaneKeeper first = keeper("a");
        keeper("b");
        await("select state from lane_lease where lane = 2", "3");

        assertThat(DATABASE.text("select count(*), count(distinct counter) from decision where lane = 2"))
                .isEqualTo("4, 4");
        assertThat(DATABASE.text("select counter, status from decision where lane = 2 and status = " + interrupted()))
                .startsWith("4, ");
        assertThat(DATABASE.text("select fence, expires <= now(), build from lane_lease where lane = 2"))
                .isEqualTo("2, t, built");
        assertThat(DATABASE.text("select count(distinct writer) from journal_chunk where lane = 2"))
                .isEqualTo("2");
        awaitTrue(() -> first.finishing() == 0);
        assertThat(get(leases.claim(List.of(new LaneHold(DEAD))))).isPresent();
    }

    /** It writes nothing, from the moment on at which another has the lane. */
    @Test
    void aFinisherThatHasLostTheLaneWritesNothing() throws SQLException {
        LaneHold hold = adopted();
        steal();
        String chunks = DATABASE.text("select count(*), max(seq) from journal_chunk");
        AtomicReference<Ended> ended = new AtomicReference<>();
        new LaneFinisher(parts(), hold, ended::set).start();
        awaitTrue(() -> ended.get() != null);

        assertThat(ended).hasValue(Ended.LOST);
        assertThat(DATABASE.text("select count(*), max(seq) from journal_chunk"))
                .isEqualTo(chunks);
        assertThat(DATABASE.text("select count(*) from decision")).isEqualTo("0");
        assertStolen();
    }

    @Test
    void aFinisherThatLosesTheLaneBeforeItsRowsAreThereWritesNoneOfThem() throws Exception {
        AtomicReference<Ended> ended = new AtomicReference<>();
        try (Connection other = DATABASE.connect();
                Statement lock = other.createStatement()) {
            LaneHold hold = adopted();
            LaneFinisher finisher = new LaneFinisher(parts(), hold, ended::set);
            other.setAutoCommit(false);
            lock.execute("lock table decision in access exclusive mode");
            finisher.start();
            awaitTrue(() -> finisher.progress().phase() == LaneFinisher.Phase.DERIVES);
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            steal();
            other.commit();
        }
        awaitTrue(() -> ended.get() != null);
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());

        assertThat(ended).hasValue(Ended.LOST);
        assertThat(DATABASE.text("select count(*) from decision")).isEqualTo("0");
        assertThat(DATABASE.text("select count(*) from projection")).isEqualTo("0");
        assertStolen();
    }

    @Test
    void aPlannedStopGivesALaneThatIsNotFinishedToOthersAtOnce() throws Exception {
        try (Connection other = DATABASE.connect();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table decision in access exclusive mode");
            LaneKeeper keeper = keeper("a");
            awaitTrue(() -> keeper.shown().containsValue("DERIVES"));
            keeper.stop().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();

            assertThat(get(leases.unattended())).containsExactly(new Seen(DEAD, 2));
            assertThat(DATABASE.text("select state from lane_lease where lane = 2"))
                    .isEqualTo("2");
            other.rollback();
        }
        keeper("b");
        await("select state from lane_lease where lane = 2", "3");
    }

    @Test
    void aLaneThatCannotBeSettledHereIsRecordedAllTheSameAndLeftToOthers() throws SQLException {
        DATABASE.execute("insert into sequencer_lease values (2, gen_random_uuid(), 1, now())");
        LaneKeeper keeper = keeper("a");
        awaitTrue(() -> keeper.lacking() == 1 && keeper.finishing() == 0);

        assertThat(keeper.shown())
                .hasEntrySatisfying("lane-2", said -> assertThat(said).contains("no key"));
        assertThat(DATABASE.text("select count(*) from decision where lane = 2"))
                .isEqualTo("4");
        LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
        assertThat(DATABASE.text("select fence, state from lane_lease where lane = 2"))
                .as("not taken again and again")
                .isEqualTo("2, 2");
        DATABASE.execute("delete from sequencer_lease");
        keeper("b");
        await("select state from lane_lease where lane = 2", "3");
        awaitTrue(() -> keeper.lacking() == 0);
    }

    @Test
    void aLaneIsFreeOnceItsEndIsInTheStream() throws SQLException {
        streams = streaming();
        stream.away(true);
        LaneKeeper keeper = keeper("a");
        awaitTrue(() -> keeper.shown().containsValue("STREAMS"));
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
        assertThat(DATABASE.text("select state from lane_lease where lane = 2")).isEqualTo("2");

        stream.away(false);
        await("select state from lane_lease where lane = 2", "3");
        assertThat(stream.records()).hasSize(4);
    }

    /** A stream that cannot be reached holds up no lane, and what was left is brought to it when it can. */
    @Test
    void aLaneIsFreeWithoutTheStreamAndWhatIsLeftIsStreamedLater() throws SQLException {
        streams = streaming();
        stream.away(true);
        keeper("a");
        await("select state from lane_lease where lane = 2", "3");
        assertThat(stream.records()).isEmpty();
        assertThat(DATABASE.text("select count(*) from decision where lane = 2"))
                .isEqualTo("4");

        LaneHold own = new LaneHold(new LaneId(3));
        own.taken(1, System.nanoTime());
        DATABASE.vertx.setPeriodic(100, tick -> own.confirmed(System.nanoTime()));
        streams.get().start(own, Pace.BEHIND_TRAFFIC);
        LockSupport.parkNanos(Duration.ofSeconds(7).toNanos());
        assertThat(DATABASE.text("select fence from lane_lease where lane = 2"))
                .as("not taken again and again")
                .isEqualTo("2");
        stream.away(false);
        awaitTrue(() -> stream.records().size() == 4);
        await("select state, fence from lane_lease where lane = 2", "3, 3");
        await("select chunk > 0 from stream_cursor where lane = 2", "t");
    }

    private Optional<StreamExporters> streaming() {
        Catalog nameless = keys -> Uni.createFrom().item(new Catalog.Names(Map.of()));
        return Optional.of(new StreamExporters(DATABASE.vertx, DATABASE.pool, nameless, TenantNames.NAMES, stream));
    }

    @Test
    void aRouterWhoseOwnLaneIsLostAdoptsNothing() throws SQLException {
        LaneHold serving = get(leases.claim(List.of(new LaneHold(new LaneId(1), LaneHold.holder("a", 1), "built"))))
                .orElseThrow();
        DATABASE.execute("update lane_lease set fence = 9, expires = now() + interval '60 seconds' where lane = 1");
        // It has not heard of that yet.
        DATABASE.vertx.setPeriodic(100, tick -> serving.confirmed(System.nanoTime()));
        start(serving);
        LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());

        assertThat(DATABASE.text("select fence, state from lane_lease where lane = 2"))
                .isEqualTo("1, 1");
    }

    private LaneKeeper keeper(String router) {
        long lane = 3L + keepers.size();
        LaneHold serving = new LaneHold(new LaneId(lane), LaneHold.holder(router, System.nanoTime()), "built");
        assertThat(get(leases.claim(List.of(serving)))).isPresent();
        DATABASE.vertx.setPeriodic(
                500, tick -> leases.renew(serving).subscribe().with(ours -> serving.confirmed(System.nanoTime())));
        return start(serving);
    }

    private LaneKeeper start(LaneHold serving) {
        LaneKeeper keeper = LaneKeeper.of(
                DATABASE.vertx,
                DATABASE.pool,
                DATABASE.servers(),
                LaneKeeperTest::settings,
                new StoredLaneSecrets(DATABASE.pool, new SecureRandom()),
                sequencers(),
                LANES,
                serving,
                "built",
                streams);
        keepers.add(keeper);
        keeper.start();
        return keeper;
    }

    private FinisherParts parts() {
        return new FinisherParts(
                DATABASE.vertx,
                DATABASE.pool,
                DATABASE.servers(),
                LaneKeeperTest::settings,
                leases,
                new StoredLaneSecrets(DATABASE.pool, new SecureRandom()),
                sequencers(),
                LANES,
                streams);
    }

    private static LaneSequencers sequencers() {
        VertxTimekeeper time = new VertxTimekeeper(DATABASE.vertx);
        LogSettings unsigned = new LogSettings(Optional.empty(), Readers.CALLERS, Optional.empty());
        return new LaneSequencers(
                DATABASE.vertx,
                DATABASE.pool,
                time,
                new LaneCosigners(
                        DATABASE.vertx, DATABASE.pool, time, ArchivedLog.NONE, unsigned, CosigningListener.NONE));
    }

    private LaneHold adopted() {
        LaneHold hold = new LaneHold(DEAD, LaneHold.holder("a", 1), "built");
        assertThat(get(leases.adopt(hold, 1, "built", List.of()))).isTrue();
        return hold;
    }

    private static void steal() throws SQLException {
        DATABASE.execute("update lane_lease set holder = gen_random_uuid(), fence = fence + 1,"
                + " expires = now() + interval '60 seconds' where lane = 2");
    }

    private static void assertStolen() throws SQLException {
        assertThat(DATABASE.text("select fence, state, expires > now() from lane_lease where lane = 2"))
                .isEqualTo("3, 2, t");
    }

    private static int interrupted() {
        return DecisionStatus.INTERRUPTED.code();
    }

    private static Decision decision(int counter) {
        Decision any = TestDecisions.decision(new Random(1), counter);
        return new Decision(
                new RequestId(DEAD.value(), counter),
                any.intent(),
                any.status(),
                any.attempts(),
                any.resends(),
                any.selectedTarget(),
                any.servedTier(),
                any.servedTarget(),
                any.trigger(),
                any.attribution(),
                any.overtakes(),
                any.timeSplit(),
                any.responseDigest(),
                any.mode(),
                any.plan());
    }

    private static JournalSettings settings(LaneId lane) {
        return new JournalSettings(lane, 64 << 20, Duration.ofSeconds(10), Duration.ofMillis(5));
    }

    private static void await(String sql, String expected) {
        awaitTrue(() -> {
            try {
                return expected.equals(DATABASE.text(sql));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void awaitTrue(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static <T> T get(Uni<T> asked) {
        return asked.await().atMost(PATIENCE);
    }
}
