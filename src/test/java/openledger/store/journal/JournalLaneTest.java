package openledger.store.journal;

import static openledger.store.journal.JournalRouter.answer;
import static openledger.store.journal.JournalRouter.await;
import static openledger.store.journal.JournalRouter.decision;
import static openledger.store.journal.JournalRouter.get;
import static openledger.store.journal.JournalRouter.intent;
import static openledger.store.journal.JournalRouter.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import openledger.inference.record.Journal.Appended;
import openledger.inference.record.JournalState;
import openledger.store.SettlementDatabase;
import openledger.support.BlackHole;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may write a lane, when sessions are killed, links go dead and another router waits. */
final class JournalLaneTest {
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
    void aRouterWhoseSessionIsKilledTakesItsLaneUpAgainAndNobodyElseGetsIt() throws SQLException {
        Random random = new Random(1);
        JournalRouter first = router(DATABASE.url());
        get(first.opening);
        JournalRouter second = router(DATABASE.url());
        await(() -> second.journal.state() == JournalState.WAITS_FOR_LANE);
        Set<Long> answered = new HashSet<>();
        int kills = 0;
        for (int i = 0; i < 300; i++) {
            if (random.nextInt(30) == 0) {
                kills += killJournalSessions();
            }
            long counter = answer(first.journal);
            assertThat(answered.add(counter)).isTrue();
        }

        assertThat(kills).isPositive();
        assertThat(first.lost).isFalse();
        assertThat(second.journal.state()).isEqualTo(JournalState.WAITS_FOR_LANE);
        assertThat(second.journal.append(intent())).isInstanceOf(Appended.NotOpen.class);
        // The last end may still be on its way.
        await(() -> recorded().containsAll(answered));
    }

    @Test
    void aRouterThatIsCutOffStopsBeforeAnotherTakesItsLaneAndAnswersNothingAfterwards() throws Exception {
        for (int seed = 1; seed <= 2; seed++) {
            empty();
            takeOver(new Random(seed));
        }
    }

    private void takeOver(Random random) throws IOException, SQLException {
        try (BlackHole link = BlackHole.before(port())) {
            JournalRouter old = router("postgresql://127.0.0.1:" + link.port() + "/openledger");
            get(old.opening);
            JournalRouter next = router(DATABASE.url());
            Set<Long> answeredByOld = new HashSet<>();
            for (int i = random.nextInt(5, 40); i > 0; i--) {
                answeredByOld.add(answer(old.journal));
            }
            Appended.Accepted open = (Appended.Accepted) old.journal.append(intent());
            get(old.journal.durable(open.position()));

            link.cut();
            List<Appended.Accepted> inTheDark = new ArrayList<>();
            boolean stopped = false;
            while (next.journal.state() != JournalState.OPEN) {
                pause();
                switch (old.journal.append(intent())) {
                    case Appended.Accepted accepted -> {
                        inTheDark.add(accepted);
                        // Once it has stopped it does not begin again.
                        assertThat(stopped).isFalse();
                    }
                    case Appended.NotOpen(var why, var retryAfter) -> {
                        stopped = true;
                        assertThat(why).isEqualTo(JournalState.UNREACHABLE);
                    }
                    case Appended.Full full -> throw new AssertionError("full");
                }
            }
            assertThat(stopped).isTrue();
            assertThat(inTheDark).isNotEmpty();
            Set<Long> answeredByNext = new HashSet<>();
            for (int i = inTheDark.size() + 5; i > 0; i--) {
                answeredByNext.add(answer(next.journal));
            }
            link.heal();

            await(old.lost::get);
            assertThat(old.journal.state()).isEqualTo(JournalState.LANE_LOST);
            for (Appended.Accepted accepted : inTheDark) {
                assertThat(old.journal.isDurable(accepted.position())).isFalse();
                assertThatThrownBy(() -> get(old.journal.durable(accepted.position())))
                        .hasMessageContaining("another router");
            }
            // What was recorded before is the other's to end.
            assertThat(old.journal.isDurable(open.position())).isFalse();
            assertThat(answeredByNext)
                    .doesNotContainAnyElementsOf(answeredByOld)
                    .doesNotContain(open.id().counter());
            old.close();
            next.close();
            assertThat(intents())
                    .doesNotHaveDuplicates()
                    .containsAll(answeredByOld)
                    .containsAll(answeredByNext);
            assertThat(recorded()).contains(open.id().counter());
        }
    }

    @Test
    void aDeadLinkIsBridgedForAMomentThenTheDoorClosesAndAfterTheHealNothingIsLost() throws Exception {
        try (BlackHole link = BlackHole.before(port())) {
            JournalRouter router = router("postgresql://127.0.0.1:" + link.port() + "/openledger");
            get(router.opening);
            Set<Long> named = new HashSet<>();
            named.add(answer(router.journal));

            link.cut();
            long cut = System.nanoTime();
            while (router.journal.append(intent()) instanceof Appended.Accepted accepted) {
                assertThat(System.nanoTime() - cut)
                        .isLessThan(Duration.ofSeconds(2).toNanos());
                pause();
                named.add(accepted.id().counter());
                router.journal.append(decision(accepted.id()));
            }
            assertThat(named).hasSizeGreaterThan(1);
            assertThat(router.journal.isOpen()).isFalse();
            link.heal();

            await(router.journal::isOpen);
            named.add(answer(router.journal));
            router.close();
            assertThat(recorded()).containsExactlyInAnyOrderElementsOf(named);
            assertThat(router.lost).isFalse();
        }
    }

    private int killJournalSessions() throws SQLException {
        int killed = 0;
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select pg_terminate_backend(pid) from pg_locks"
                        + " where locktype = 'advisory' and granted and pid <> pg_backend_pid()")) {
            while (rows.next()) {
                killed++;
            }
        }
        return killed;
    }

    /** Counters of all decisions in the journal. */
    private static Set<Long> recorded() {
        Set<Long> counters = new HashSet<>();
        scan(RecordEncoding.Kind.DECISION)
                .forEach(counter -> assertThat(counters.add(counter))
                        .as("one end for request %d", counter)
                        .isTrue());
        return counters;
    }

    private static List<Long> intents() {
        return scan(RecordEncoding.Kind.INTENT);
    }

    private static List<Long> scan(RecordEncoding.Kind kind) {
        List<Long> counters = new ArrayList<>();
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select data from journal_chunk order by seq")) {
            while (rows.next()) {
                RecordEncoding.scan(rows.getBytes(1), record -> {
                    if (record.kind() == kind) {
                        counters.add(record.number());
                    }
                });
            }
            return counters;
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
