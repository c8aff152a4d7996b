package openledger.bench.builds;

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
import openledger.bench.BenchPace;
import openledger.bench.BenchStack;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.support.CpuTime;
import openledger.support.ScratchFolder;
import openledger.support.Wrk;
import openledger.support.Wrk.Aim;

/**
 * {@code make bench-builds BEFORE=...}: what a change costs or saves: the same load in turns on this build and on that of another checkout,
 * each with its own {@code deploy/bench.yaml}, {@code deploy/jvm.options} and database.
 */
final class CompareBuilds {
    private static final int CONNECTIONS = 32;
    private static final int ROUNDS = 15;
    private static final double NANOS_A_MICRO = 1e3;
    private static final Duration LONGEST_CATCH_UP = Duration.ofMinutes(5);
    private static final String UNDERIVED = "select coalesce(sum(c.records), 0) from journal_chunk c"
            + " where c.seq > coalesce((select max(p.seq) from projection p where p.lane = c.lane), 0)";

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final BenchPace pace = BenchPace.fromEnvironment();
    private final Wrk wrk = new Wrk(BenchStack.OUT);

    private CompareBuilds() {}

    /** A router of one of the builds, and what was measured at it. */
    private record Side(
            String name,
            int port,
            LocalPostgres postgres,
            ChildProcess router,
            CpuTime ofRouter,
            CpuTime ofDatabase,
            List<Double> rates,
            List<Double> routerMicros,
            List<Double> databaseMicros)
            implements AutoCloseable {
        static Side start(String name, Path checkout) throws IOException, SQLException, InterruptedException {
            LocalPostgres postgres =
                    LocalPostgres.start(ScratchFolder.make("builds").resolve(name), 0);
            int port = ChildProcess.freePort();
            Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, port));
            environment.put("OPENLEDGER_TELEMETRY_SCRAPE_PORT", Integer.toString(ChildProcess.freePort()));
            ChildProcess router = ChildProcess.start(
                    "build-" + name,
                    BenchStack.OUT,
                    environment,
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "@" + checkout.resolve("deploy/jvm.options"),
                            "-jar",
                            checkout.resolve("target/quarkus-app/quarkus-run.jar")
                                    .toString(),
                            "serve",
                            "--config",
                            checkout.resolve("deploy/bench.yaml").toString()));
            router.awaitReady("http://127.0.0.1:" + port + "/q/health/ready");
            return new Side(
                    name,
                    port,
                    postgres,
                    router,
                    CpuTime.of(router.pid()),
                    new CpuTime(List.of(postgres.postmaster())),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }

        @Override
        public void close() throws IOException {
            router.close();
            postgres.close();
        }
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        if (arguments.length != 1 || !Files.exists(Path.of(arguments[0], "target/quarkus-app/quarkus-run.jar"))) {
            System.err.println("BEFORE has to be another checkout of this repository in which the router is built"
                    + " (scripts/stack builds it).");
            System.exit(2);
        }
        System.exit(new CompareBuilds().run(Path.of(arguments[0])));
    }

    /** 0 if no request failed. */
    private int run(Path other) throws IOException, SQLException, InterruptedException {
        Files.createDirectories(BenchStack.OUT);
        BenchStack.machine(report);
        System.out.println("Starting upstreams and a router of either build ...");
        try (ChildProcess fleet = BenchStack.upstreams();
                Side before = Side.start("before", other);
                Side now = Side.start("now", Path.of(""))) {
            System.out.println("Warming up, " + 2 * pace.warmUpSeconds() + " s ...");
            for (Side side : List.of(before, now)) {
                wrk.perSecond(Aim.at(side.port, "instant"), CONNECTIONS, pace.warmUpSeconds());
            }
            int rounds = BenchPace.isQuick() ? pace.rounds() : ROUNDS;
            for (int round = 1; round <= rounds; round++) {
                // Whoever comes second finds the processors as warm, so turns are taken in that, too.
                for (Side side : round % 2 == 0 ? List.of(now, before) : List.of(before, now)) {
                    round(side, fleet);
                }
                System.out.println("  round " + round + " of " + rounds);
            }
            tell(before, now);
        }
        report.put("failed_requests", wrk.failures());
        BenchStack.write("builds", report);
        return wrk.failures() == 0 ? 0 : 1;
    }

    private void round(Side side, ChildProcess fleet) throws IOException, SQLException, InterruptedException {
        rest(side);
        Duration router = side.ofRouter.sofar();
        Duration database = side.ofDatabase.sofar();
        double rate = wrk.perSecond(Aim.at(side.port, "instant"), CONNECTIONS, pace.roundSeconds());
        if (!fleet.isAlive()) {
            throw new IOException("the upstreams have ended");
        }
        double requests = rate * pace.roundSeconds();
        side.rates.add(rate);
        side.routerMicros.add(side.ofRouter.sofar().minus(router).toNanos() / NANOS_A_MICRO / requests);
        side.databaseMicros.add(side.ofDatabase.sofar().minus(database).toNanos() / NANOS_A_MICRO / requests);
    }

    /** Until every row is derived: no round pays for another one's. */
    private static void rest(Side side) throws SQLException, InterruptedException, IOException {
        long end = System.nanoTime() + LONGEST_CATCH_UP.toNanos();
        try (Connection connection = side.postgres.connect();
                Statement statement = connection.createStatement()) {
            while (true) {
                try (ResultSet row = statement.executeQuery(UNDERIVED)) {
                    row.next();
                    if (row.getLong(1) == 0) {
                        return;
                    }
                }
                if (System.nanoTime() > end) {
                    throw new IOException("the decisions of the build " + side.name + " did not get into rows");
                }
                Thread.sleep(200);
            }
        }
    }

    private void tell(Side before, Side now) {
        line("requests_per_second", "requests/s with " + CONNECTIONS + " connections", before.rates, now.rates);
        line("router_us", "processor time of the router, µs a request", before.routerMicros, now.routerMicros);
        line("database_us", "processor time of the database, µs a request", before.databaseMicros, now.databaseMicros);
    }

    /** Medians, and the median of the ratios of rounds: two turns that follow each other share the machine's mood. */
    private void line(String key, String what, List<Double> before, List<Double> now) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            ratios.add(now.get(i) / before.get(i));
        }
        double ratio = BenchStack.median(ratios);
        System.out.printf(
                Locale.ROOT,
                "%-48s before %8.1f, now %8.1f; now/before %.3f%n",
                what,
                BenchStack.median(before),
                BenchStack.median(now),
                ratio);
        report.putObject(key)
                .put("before", BenchStack.median(before))
                .put("now", BenchStack.median(now))
                .put("ratio", ratio);
    }
}
