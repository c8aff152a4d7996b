package openledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import openledger.bench.SwitchedJournal.Records;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.support.ScratchFolder;
import openledger.support.Wrk;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * {@code make bench PART=journal}: what the records cost, by the same load on the same router with and without them, in turns.
 * Its name does not end with Test, so that it is not among the tests.
 */
@QuarkusTest
@TestProfile(JournalBench.Switchable.class)
final class JournalBench {
    private static final int CONNECTIONS = 128;
    private static final double DECISIONS_PER_SECOND = 5_000;
    private static final double MOST_LOSS = 0.1;
    private static final int FULL_TURN_SECONDS = 15;
    private static final Duration LONGEST_DERIVATION = Duration.ofMinutes(10);
    private static final String BEHIND = "select coalesce(sum(records), 0) from journal_chunk"
            + " where seq > coalesce((select max(seq) from projection), 0)";
    private static final String RECORDED = "select coalesce(sum(records), 0) from journal_chunk";
    private static final String DERIVED = "select count(*) from decision";

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final BenchPace pace = BenchPace.fromEnvironment();
    private final int turnSeconds = BenchPace.isQuick() ? pace.roundSeconds() : FULL_TURN_SECONDS;
    private final List<Double> on = new ArrayList<>();
    private final List<Double> off = new ArrayList<>();
    private final List<Double> recorded = new ArrayList<>();
    private final List<Double> derivedBeside = new ArrayList<>();
    private final List<Double> derivedAfter = new ArrayList<>();

    @Inject
    @SuppressWarnings("NullAway.Init") // by Quarkus
    SwitchedJournal journal;

    @Inject
    @SuppressWarnings("NullAway.Init") // by Quarkus
    DataSource database;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // by Quarkus
    URL router;

    /** The router of the benchmark, its journal with a switch. */
    public static final class Switchable implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(SwitchedJournal.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.config.locations",
                    Path.of("deploy/bench.yaml").toUri().toString(),
                    "quarkus.vertx.event-loops-pool-size",
                    Integer.toString(Runtime.getRuntime().availableProcessors()));
        }

        /** What other tests surround their router with would be mixed into ours. */
        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(Surroundings.class));
        }
    }

    /** PostgreSQL and the upstreams, each a process of its own. */
    public static final class Surroundings implements QuarkusTestResourceLifecycleManager {
        private @Nullable LocalPostgres postgres;
        private @Nullable ChildProcess upstreams;

        @Override
        public Map<String, String> start() {
            try {
                LocalPostgres server =
                        LocalPostgres.start(ScratchFolder.make("bench").resolve("postgres"), 0);
                postgres = server;
                upstreams = BenchStack.upstreams();
                return Map.of(
                        "quarkus.datasource.reactive.url",
                        server.reactiveUrl(),
                        "quarkus.datasource.jdbc.url",
                        server.jdbcUrl(),
                        "quarkus.datasource.username",
                        LocalPostgres.USER,
                        "quarkus.datasource.password",
                        LocalPostgres.PASSWORD);
            } catch (IOException | SQLException e) {
                throw new IllegalStateException("the surroundings of the router do not start", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void stop() {
            if (upstreams != null) {
                upstreams.close();
            }
            try {
                if (postgres != null) {
                    postgres.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void recordsAtFullSpeed() throws Exception {
        BenchStack.machine(report);
        Wrk wrk = new Wrk(BenchStack.OUT);
        Wrk.Aim aim = Wrk.Aim.at(router.getPort(), "instant");
        wrk.perSecond(aim, CONNECTIONS, pace.warmUpSeconds());
        try (Connection look = database.getConnection()) {
            awaitDerivation(look);
            for (int round = 1; round <= pace.rounds(); round++) {
                journal.turn(Records.OFF);
                off.add(wrk.perSecond(aim, CONNECTIONS, turnSeconds));
                journal.turn(Records.ON);
                recordedTurn(look, wrk, aim);
                System.out.println("  round " + round + " of " + pace.rounds());
            }
        }
        tell();
        assertThat(wrk.failures()).isZero();
    }

    private void recordedTurn(Connection look, Wrk wrk, Wrk.Aim aim) throws Exception {
        long records = number(look, RECORDED);
        long rows = number(look, DERIVED);
        on.add(wrk.perSecond(aim, CONNECTIONS, turnSeconds));
        // An intent and a decision a request.
        recorded.add((number(look, RECORDED) - records) / 2.0 / turnSeconds);
        long rowsBeside = number(look, DERIVED);
        derivedBeside.add((double) (rowsBeside - rows) / turnSeconds);
        long since = System.nanoTime();
        awaitDerivation(look);
        double seconds = (System.nanoTime() - since) / 1e9;
        derivedAfter.add((number(look, DERIVED) - rowsBeside) / seconds);
    }

    private static void awaitDerivation(Connection look) throws SQLException, InterruptedException {
        long until = System.nanoTime() + LONGEST_DERIVATION.toNanos();
        while (number(look, BEHIND) > 0 && System.nanoTime() < until) {
            Thread.sleep(200);
        }
    }

    private static long number(Connection look, String query) throws SQLException {
        try (Statement statement = look.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void tell() throws IOException {
        double loss = 1 - BenchStack.median(on) / BenchStack.median(off);
        double perSecond = BenchStack.median(recorded);
        System.out.printf(
                Locale.ROOT,
                "%n%d connections (medians): %.0f requests/s with records, %.0f without; loss %.1f %% (target < 10 %%: %s)%n"
                        + "  decisions/s recorded %.0f (target >= %.0f: %s), derived beside the load %.0f, after it %.0f%n",
                CONNECTIONS,
                BenchStack.median(on),
                BenchStack.median(off),
                100 * loss,
                BenchStack.verdict(loss < MOST_LOSS),
                perSecond,
                DECISIONS_PER_SECOND,
                BenchStack.verdict(perSecond >= DECISIONS_PER_SECOND),
                BenchStack.median(derivedBeside),
                BenchStack.median(derivedAfter));
        report.put("with_records_per_second", BenchStack.median(on))
                .put("without_records_per_second", BenchStack.median(off))
                .put("loss", loss)
                .put("decisions_recorded_per_second", perSecond)
                .put("decisions_derived_beside_load_per_second", BenchStack.median(derivedBeside))
                .put("decisions_derived_after_load_per_second", BenchStack.median(derivedAfter));
        BenchStack.write("journal", report);
    }
}
