package openledger.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalRegistry;
import openledger.demo.LocalStack;
import openledger.support.CpuTime;
import openledger.support.ScratchFolder;
import openledger.support.Wrk;
import openledger.support.Wrk.Aim;

/**
 * {@code make bench-settlement}: what a batch costs to make and on chain, how many decisions a second get there, and what that
 * costs the requests: the same load in turns on a router that settles and on one that does not.
 */
final class SettlementBench {
    private static final Path CONFIG = Path.of("deploy/bench.yaml");
    private static final int SETTLED_PORT = 8096;
    private static final int PLAIN_PORT = 8097;
    private static final int POSTGRES_PORT = 5497;
    private static final int CONNECTIONS = 128;
    private static final double DECISIONS_PER_SECOND = 4_800;
    private static final double LEAST_RATIO = 0.95;
    private static final long MOST_GAS = 85_000;
    private static final int FULL_ROUND_SECONDS = 20;
    private static final Duration LONGEST_CATCH_UP = Duration.ofMinutes(5);
    private static final int LEAVES = 1_200;
    private static final String ON_CHAIN =
            "select coalesce(sum(octet_length(counters) / 8), 0) from batch where level >= 3";
    private static final String DECIDED = "select coalesce(max(last_counter), 0) from journal_chunk where lane = "
            + LocalRegistry.lane().value();
    /** Records of either router's journal that have no rows yet. */
    private static final String UNDERIVED = "select coalesce(sum(c.records), 0) from journal_chunk c"
            + " where c.seq > coalesce((select max(p.seq) from projection p where p.lane = c.lane), 0)";

    private static final String GAS = "select coalesce(percentile_disc(0.5) within group (order by gas_used), 0)"
            + " from batch where octet_length(counters) = 9600 and level >= 3";

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final BenchPace pace = BenchPace.fromEnvironment();
    private final int roundSeconds = BenchPace.isQuick() ? pace.roundSeconds() : FULL_ROUND_SECONDS;
    private final Wrk wrk = new Wrk(BenchStack.OUT);
    private final List<Double> settled = new ArrayList<>();
    private final List<Double> plain = new ArrayList<>();
    private final List<Double> onChain = new ArrayList<>();
    private final List<Double> catchUps = new ArrayList<>();
    private final List<Double> settledMicros = new ArrayList<>();
    private final List<Double> plainMicros = new ArrayList<>();

    private SettlementBench() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        System.exit(new SettlementBench().run() == 0 ? 0 : 1);
    }

    private int run() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(BenchStack.OUT);
        BenchStack.machine(report);
        say("Making batches ...");
        EncodeBench.Encode encode = EncodeBench.run();
        report.putObject("encode")
                .put("batch_ms", encode.batchMillis())
                .put("tree_ms", encode.treeMillis())
                .put("leaves_per_second", encode.leavesPerSecond())
                .put("hashes_alone_ms", encode.hashMillis());
        throughput();
        report.put("failed_requests", wrk.failures());
        BenchStack.write("settlement", report);
        return wrk.failures();
    }

    @SuppressWarnings("try") // they only have to be there
    private void throughput() throws IOException, SQLException, InterruptedException {
        say("Starting PostgreSQL, a chain, upstreams and two routers ...");
        Path data = ScratchFolder.make("bench");
        try (LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), POSTGRES_PORT);
                AnvilNode chain = AnvilNode.start(data, Duration.ofMillis(250), AnvilNode.State.FORGOTTEN);
                ChildProcess fleet = BenchStack.upstreams();
                ChildProcess settling = router("settling", settling(postgres, chain), SETTLED_PORT);
                ChildProcess other = router("not-settling", notSettling(postgres), PLAIN_PORT);
                Connection database = postgres.connect()) {
            CpuTime withChain = CpuTime.of(postgres, fleet.pid(), settling.pid(), chain.pid());
            CpuTime without = CpuTime.of(postgres, fleet.pid(), other.pid());
            say("Warming up, " + 2 * pace.warmUpSeconds() + " s ...");
            perSecond(SETTLED_PORT, pace.warmUpSeconds());
            perSecond(PLAIN_PORT, pace.warmUpSeconds());
            for (int round = 1; round <= pace.rounds(); round++) {
                catchUp(database);
                awaitDerivation(database);
                settledRound(database, withChain);
                catchUps.add(catchUp(database));
                awaitDerivation(database);
                plain.add(round(PLAIN_PORT, without, plainMicros));
                say("  round " + round + " of " + pace.rounds());
            }
            tell(number(database, GAS));
        }
    }

    private void settledRound(Connection database, CpuTime used)
            throws IOException, SQLException, InterruptedException {
        long before = number(database, ON_CHAIN);
        long since = System.nanoTime();
        settled.add(round(SETTLED_PORT, used, settledMicros));
        onChain.add((number(database, ON_CHAIN) - before) / seconds(since));
    }

    /** Requests a second, and what each took of processors: which hardly depends on what else the machine does. */
    private double round(int port, CpuTime used, List<Double> micros) throws IOException, InterruptedException {
        Duration before = used.sofar();
        double rate = perSecond(port, roundSeconds);
        micros.add(used.sofar().minus(before).toNanos() / 1e3 / (rate * roundSeconds));
        return rate;
    }

    /** Waits until every full batch is on chain; how many seconds that took. */
    private static double catchUp(Connection database) throws SQLException, InterruptedException, IOException {
        long since = System.nanoTime();
        while (number(database, DECIDED) - number(database, ON_CHAIN) >= LEAVES) {
            if (seconds(since) > LONGEST_CATCH_UP.toSeconds()) {
                throw new IOException("the decisions did not get to the chain");
            }
            Thread.sleep(200);
        }
        return seconds(since);
    }

    /** A router derives rows behind its load, at full speed once that is over: beside the other one's round. */
    private static void awaitDerivation(Connection database) throws SQLException, InterruptedException, IOException {
        long since = System.nanoTime();
        while (number(database, UNDERIVED) > 0) {
            if (seconds(since) > LONGEST_CATCH_UP.toSeconds()) {
                throw new IOException("the decisions were not derived");
            }
            Thread.sleep(200);
        }
    }

    private void tell(long gas) {
        double ratio = BenchStack.median(settled) / BenchStack.median(plain);
        double cost = BenchStack.median(plainMicros) / BenchStack.median(settledMicros);
        double decisions = BenchStack.median(onChain);
        say(String.format(
                Locale.ROOT,
                "%n%d connections (medians): %.0f requests/s with settlement, %.0f without; ratio %.2f (target >= %.2f: %s)%n"
                        + "  processor time of a request %.1f us with settlement and chain, %.1f without; ratio %.2f%n"
                        + "  decisions/s on chain beside that load %.0f (target >= %.0f: %s), rest caught up in %.1f s%n"
                        + "  gas of a full batch %d, %.1f a decision (target <= %d: %s)",
                CONNECTIONS,
                BenchStack.median(settled),
                BenchStack.median(plain),
                ratio,
                LEAST_RATIO,
                BenchStack.verdict(ratio >= LEAST_RATIO),
                BenchStack.median(settledMicros),
                BenchStack.median(plainMicros),
                cost,
                decisions,
                DECISIONS_PER_SECOND,
                BenchStack.verdict(decisions >= DECISIONS_PER_SECOND),
                BenchStack.median(catchUps),
                gas,
                gas / (double) LEAVES,
                MOST_GAS,
                BenchStack.verdict(gas > 0 && gas <= MOST_GAS)));
        report.putObject("throughput")
                .put("requests_per_second_with", BenchStack.median(settled))
                .put("requests_per_second_without", BenchStack.median(plain))
                .put("ratio", ratio)
                .put("cpu_us_per_request_with", BenchStack.median(settledMicros))
                .put("cpu_us_per_request_without", BenchStack.median(plainMicros))
                .put("cpu_ratio", cost)
                .put("decisions_per_second_on_chain", decisions)
                .put("catch_up_seconds", BenchStack.median(catchUps))
                .put("gas_per_full_batch", gas);
    }

    private double perSecond(int port, int seconds) throws IOException, InterruptedException {
        return wrk.perSecond(Aim.at(port, "instant"), CONNECTIONS, seconds);
    }

    private static Map<String, String> settling(LocalPostgres postgres, AnvilNode chain) throws IOException {
        Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, SETTLED_PORT));
        environment.putAll(LocalRegistry.settlement(chain));
        return environment;
    }

    private static Map<String, String> notSettling(LocalPostgres postgres) {
        Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, PLAIN_PORT));
        environment.put("OPENLEDGER_LANE", "2");
        return environment;
    }

    private static ChildProcess router(String name, Map<String, String> environment, int port)
            throws IOException, InterruptedException {
        ChildProcess router = LocalStack.router(name, environment, CONFIG, BenchStack.OUT);
        router.awaitReady("http://127.0.0.1:" + port + "/q/health/ready");
        return router;
    }

    private static long number(Connection database, String query) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
