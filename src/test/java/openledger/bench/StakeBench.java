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
import openledger.chain.LaneAccount;
import openledger.commitment.LaneNumber;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalRegistry;
import openledger.demo.LocalStack;
import openledger.support.CpuTime;
import openledger.support.ScratchFolder;
import openledger.support.Wrk;
import openledger.support.Wrk.Aim;
import openledger.support.lane.DefendedLane;
import openledger.unit.LaneId;

/**
 * {@code make bench-stake}: what a vault costs fast requests: the same load in turns on a router that commits behind the gate of a vault
 * and defends its stake there, and on one that settles without; both settle on one chain.
 */
final class StakeBench {
    private static final Path CONFIG = Path.of("deploy/bench.yaml");
    private static final int STAKED_PORT = 8094;
    private static final int PLAIN_PORT = 8095;
    private static final int POSTGRES_PORT = 5495;
    private static final String PLAIN_KEY = AnvilNode.KEYS.get(2);
    private static final int CONNECTIONS = 128;
    private static final int LEAVES = 1_200;
    private static final int FULL_ROUND_SECONDS = 20;
    private static final double LEAST_RATIO = 0.97;
    private static final Duration LONGEST_CATCH_UP = Duration.ofMinutes(5);
    private static final String UNDERIVED = "select coalesce(sum(c.records), 0) from journal_chunk c"
            + " where c.seq > coalesce((select max(p.seq) from projection p where p.lane = c.lane), 0)";

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final BenchPace pace = BenchPace.fromEnvironment();
    private final int roundSeconds = BenchPace.isQuick() ? pace.roundSeconds() : FULL_ROUND_SECONDS;
    private final Wrk wrk = new Wrk(BenchStack.OUT);

    private StakeBench() {}

    /** One of the two routers, and what was measured at it. */
    private record Side(int port, LaneId lane, CpuTime used, List<Double> rates, List<Double> micros) {
        Side(int port, LaneId lane, CpuTime used) {
            this(port, lane, used, new ArrayList<>(), new ArrayList<>());
        }
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        System.exit(new StakeBench().run());
    }

    /** 0 if no request failed. */
    private int run() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(BenchStack.OUT);
        BenchStack.machine(report);
        System.out.println("Starting PostgreSQL, a chain with a vault, upstreams and two routers ...");
        Path data = ScratchFolder.make("bench");
        DefendedLane lane = new DefendedLane(data.resolve("chain"));
        AnvilNode chain = lane.chain.node;
        try (LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), POSTGRES_PORT);
                ChildProcess fleet = BenchStack.upstreams();
                ChildProcess staked = router("staked", staked(postgres, lane), STAKED_PORT);
                ChildProcess plain = router("plain", plain(postgres, chain), PLAIN_PORT);
                Connection database = postgres.connect()) {
            Side with = new Side(
                    STAKED_PORT, DefendedLane.LANE, CpuTime.of(postgres, fleet.pid(), staked.pid(), chain.pid()));
            Side without = new Side(
                    PLAIN_PORT,
                    LaneNumber.of(LaneAccount.of(PLAIN_KEY).address(), 2),
                    CpuTime.of(postgres, fleet.pid(), plain.pid(), chain.pid()));
            System.out.println("Warming up, " + 2 * pace.warmUpSeconds() + " s ...");
            perSecond(STAKED_PORT, pace.warmUpSeconds());
            perSecond(PLAIN_PORT, pace.warmUpSeconds());
            for (int round = 1; round <= pace.rounds(); round++) {
                // Whoever comes second finds the processors as warm, so turns are taken in that, too.
                List<Side> order = round % 2 == 0 ? List.of(without, with) : List.of(with, without);
                for (Side side : order) {
                    rest(database, with, without);
                    round(side);
                }
                System.out.println("  round " + round + " of " + pace.rounds());
            }
            rest(database, with, without);
            tell(database, with, without);
        }
        report.put("failed_requests", wrk.failures());
        BenchStack.write("stake", report);
        return wrk.failures() == 0 ? 0 : 1;
    }

    private void round(Side side) throws IOException, InterruptedException {
        Duration before = side.used.sofar();
        double rate = perSecond(side.port, roundSeconds);
        side.rates.add(rate);
        side.micros.add(side.used.sofar().minus(before).toNanos() / 1e3 / (rate * roundSeconds));
    }

    private double perSecond(int port, int seconds) throws IOException, InterruptedException {
        return wrk.perSecond(Aim.at(port, "instant"), CONNECTIONS, seconds);
    }

    /** Until every full batch of either router is on chain, and every row is derived: no round pays for another one's. */
    private static void rest(Connection database, Side... sides)
            throws SQLException, InterruptedException, IOException {
        long end = System.nanoTime() + LONGEST_CATCH_UP.toNanos();
        for (Side side : sides) {
            while (number(database, decided(side.lane)) - number(database, onChain(side.lane)) >= LEAVES) {
                pause(end);
            }
        }
        while (number(database, UNDERIVED) > 0) {
            pause(end);
        }
    }

    private static void pause(long end) throws InterruptedException, IOException {
        if (System.nanoTime() > end) {
            throw new IOException("the decisions did not get to the chain, or into rows");
        }
        Thread.sleep(200);
    }

    private static String decided(LaneId lane) {
        return "select coalesce(max(last_counter), 0) from journal_chunk where lane = " + lane.value();
    }

    private static String onChain(LaneId lane) {
        return "select coalesce(sum(octet_length(counters) / 8), 0) from batch where level >= 3 and lane = "
                + lane.value();
    }

    private static String gas(LaneId lane) {
        return "select coalesce(percentile_disc(0.5) within group (order by gas_used), 0)"
                + " from batch where octet_length(counters) = 9600 and level >= 3 and lane = " + lane.value();
    }

    private void tell(Connection database, Side with, Side without) throws SQLException {
        double ratio = BenchStack.median(with.rates) / BenchStack.median(without.rates);
        double cost = BenchStack.median(with.micros) / BenchStack.median(without.micros);
        long gasWith = number(database, gas(with.lane));
        long gasWithout = number(database, gas(without.lane));
        System.out.println(String.format(
                Locale.ROOT,
                "%n%d connections (medians): %.0f requests/s behind a vault, %.0f without; ratio %.2f (target >= %.2f: %s)%n"
                        + "  processor time of a request %.1f us behind a vault, %.1f without; ratio %.2f%n"
                        + "  gas of a full batch %d behind a vault, %d without",
                CONNECTIONS,
                BenchStack.median(with.rates),
                BenchStack.median(without.rates),
                ratio,
                LEAST_RATIO,
                BenchStack.verdict(ratio >= LEAST_RATIO),
                BenchStack.median(with.micros),
                BenchStack.median(without.micros),
                cost,
                gasWith,
                gasWithout));
        report.putObject("throughput")
                .put("requests_per_second_with", BenchStack.median(with.rates))
                .put("requests_per_second_without", BenchStack.median(without.rates))
                .put("ratio", ratio)
                .put("cpu_us_per_request_with", BenchStack.median(with.micros))
                .put("cpu_us_per_request_without", BenchStack.median(without.micros))
                .put("cpu_ratio", cost)
                .put("gas_per_full_batch_with", gasWith)
                .put("gas_per_full_batch_without", gasWithout);
    }

    private static Map<String, String> staked(LocalPostgres postgres, DefendedLane lane) throws IOException {
        Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, STAKED_PORT));
        environment.putAll(LocalRegistry.settlement(lane.chain.node));
        environment.putAll(lane.environment());
        return environment;
    }

    private static Map<String, String> plain(LocalPostgres postgres, AnvilNode chain) throws IOException {
        Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, PLAIN_PORT));
        environment.putAll(LocalRegistry.settlement(chain));
        environment.put("OPENLEDGER_LANE", "2");
        environment.put("OPENLEDGER_LANE_KEY", PLAIN_KEY);
        // Else it could not be scraped, and would measure nothing of itself.
        environment.put("OPENLEDGER_TELEMETRY_SCRAPE_PORT", Integer.toString(ChildProcess.freePort()));
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
}
