package openledger.store.journal;

import static openledger.store.journal.JournalRouter.PATIENCE;
import static openledger.store.journal.JournalRouter.answer;
import static openledger.store.journal.JournalRouter.await;
import static openledger.store.journal.JournalRouter.decision;
import static openledger.store.journal.JournalRouter.get;
import static openledger.store.journal.JournalRouter.intent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import openledger.inference.record.AttemptMark;
import openledger.inference.record.Decision;
import openledger.inference.record.Journal.Appended;
import openledger.routing.DecisionStatus;
import openledger.settlement.TestDecisions;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.JournalOffset;
import openledger.store.BoundedQuery;
import openledger.store.DatabaseLink;
import openledger.store.SettlementDatabase;
import openledger.store.lane.LaneWatch;
import openledger.support.BlackHole;
import openledger.unit.RequestId;
import openledger.unit.TargetId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a journal keeps of attempts, what is seen of a lane from outside, and what becomes of dead connections. */
final class JournalTraceTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();

    private final List<JournalRouter> routers = new ArrayList<>();

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate journal_chunk, projection, decision, lane_lease");
    }

    @AfterEach
    void close() {
        routers.forEach(JournalRouter::close);
    }

    @Test
    void aRequestThatACrashCutsOffHasSpentWhatItIsKnownToHaveSpent() {
        for (int seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            JournalRouter before = router(DATABASE.url());
            get(before.opening);
            Map<Long, List<AttemptMark>> taken = new TreeMap<>();
            for (int i = 0; i < 20; i++) {
                Appended.Accepted last = (Appended.Accepted) before.journal.append(intent());
                List<AttemptMark> marks = new ArrayList<>();
                for (int number = 1; number <= random.nextInt(4); number++) {
                    marks.add(new AttemptMark(last.id(), number, number / 3, random.nextInt(0x1_0000)));
                    before.journal.append(marks.getLast());
                }
                taken.put(last.id().counter(), marks);
            }
            before.close();

            JournalRouter after = router(DATABASE.url());
            get(after.opening);

            Map<Long, List<AttemptMark>> told = new TreeMap<>();
            decisions().forEach(decision -> {
                if (taken.containsKey(decision.id().counter())) {
                    assertThat(decision.status()).isEqualTo(DecisionStatus.INTERRUPTED);
                    assertThat(decision.selectedTarget())
                            .isEqualTo(
                                    decision.attempts().isEmpty()
                                            ? TargetId.NONE
                                            : decision.attempts().getFirst().target());
                    told.put(
                            decision.id().counter(),
                            decision.attempts().stream()
                                    .map(attempt -> new AttemptMark(
                                            decision.id(), attempt.number(), attempt.tier(), attempt.target()))
                                    .toList());
                }
            });
            assertThat(told).isEqualTo(taken);
            after.close();
        }
    }

    @Test
    void marksOfAttemptsAreNoRecordsThatAnybodyHasToDerive() {
        JournalRouter router = router(DATABASE.url());
        get(router.opening);
        RequestId id = ((Appended.Accepted) router.journal.append(intent())).id();
        for (int number = 1; number <= 4; number++) {
            router.journal.append(new AttemptMark(id, number, 0, 1));
        }
        router.journal.append(decision(id));
        router.close();

        assertThat(text("select sum(records) from journal_chunk")).isEqualTo("2");
        assertThat(get(new JournalDecisionSource(DATABASE.vertx, DATABASE.pool, SettlementDatabase.LANE)
                        .after(JournalOffset.START, 10)))
                .hasSize(1);
        assertThat(get(new JournalDecisionSource(DATABASE.vertx, DATABASE.pool, SettlementDatabase.LANE)
                        .countAfter(JournalOffset.START)))
                .isLessThanOrEqualTo(1);
    }

    @Test
    void aLaneWithSomethingToFinishAndNoRouterIsSeenFromOutside() throws SQLException {
        JournalRouter router = router(DATABASE.url());
        get(router.opening);
        answer(router.journal);
        Appended.Accepted open = (Appended.Accepted) router.journal.append(intent());
        get(router.journal.durable(open.position()));
        assertThat(unattended()).isZero();
        router.close();
        DATABASE.execute("update lane_lease set expires = now() - interval '90 seconds'");

        assertThat(unattended()).isBetween(89.0, 89.0 + PATIENCE.toSeconds());
        DATABASE.execute("insert into projection (lane, seq, low_water, last_counter, last_snapshot)"
                + " select lane, max(seq), max(seq) + 1, 0, 0 from journal_chunk group by lane");
        assertThat(unattended()).isZero();
        DATABASE.execute(
                "insert into sequencer_lease values (" + TestDecisions.LANE + ", gen_random_uuid(), 1, now())");
        assertThat(unattended()).isPositive();
        DATABASE.execute("truncate sequencer_lease");
    }

    private static double unattended() {
        return get(LaneWatch.unattended(DATABASE.pool));
    }

    @Test
    void aPoolLosesNoConnectionToADeadLink() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (BlackHole link = BlackHole.before(port())) {
            Pool pool = JournalRouter.servers("postgresql://127.0.0.1:" + link.port() + "/openledger")
                    .pool(vertx, new PoolOptions().setMaxSize(2));
            List<CompletableFuture<?>> asked = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                asked.add(BoundedQuery.rows(pool, "select pg_sleep(0.2)", Tuple.tuple())
                        .subscribeAsCompletionStage());
            }
            CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new)).join();
            link.cut();
            // Both connections, by ways that have no bound of their own.
            for (int i = 0; i < 2; i++) {
                pool.withTransaction(on -> on.query("select 1").execute());
            }
            assertThatThrownBy(() -> get(BoundedQuery.rows(pool, "select 1", Tuple.tuple())));
            link.heal();

            await(() -> {
                try {
                    return get(BoundedQuery.rows(pool, "select 1", Tuple.tuple()))
                                    .size()
                            == 1;
                } catch (RuntimeException stillDead) {
                    return false;
                }
            });
        } finally {
            vertx.close();
        }
    }

    @Test
    void theServerIsToldToLookAfterItsEndOfEveryConnection() {
        JournalRouter router = router(DATABASE.url());
        get(router.opening);

        DatabaseLink.serverSettings()
                .forEach((name, value) -> assertThat(text("select source from pg_settings where name = '" + name + "'"))
                        .as("known to the server: %s", name)
                        .isNotEmpty());
        assertThat(text("select count(*) from pg_locks where locktype = 'advisory' and granted"))
                .isEqualTo("1");
    }

    private static List<Decision> decisions() {
        return get(new JournalDecisionSource(DATABASE.vertx, DATABASE.pool, SettlementDatabase.LANE)
                        .after(JournalOffset.START, 1_000))
                .stream()
                .map(Placed::decision)
                .toList();
    }

    private static String text(String sql) {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int port() {
        return PgConnectOptions.fromUri(DATABASE.url()).getPort();
    }

    private JournalRouter router(String url) {
        JournalRouter router = new JournalRouter(DATABASE, url);
        routers.add(router);
        return router;
    }
}
