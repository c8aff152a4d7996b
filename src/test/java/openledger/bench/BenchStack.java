package openledger.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.support.ScratchFolder;

/** What all benchmarks need: a PostgreSQL of its own, the upstreams of deploy/bench-fleet.yaml, and the router. */
public final class BenchStack implements AutoCloseable {
    public static final Path OUT = Path.of("target/bench");
    public static final int ROUTER_PORT = 8098;
    public static final int INSTANT_PORT = 9201;
    public static final int DELAYED_PORT = 9202;
    private static final int POSTGRES_PORT = 5498;
    public static final Path CONFIG = Path.of("deploy/bench.yaml");
    private static final String FLEET = "deploy/bench-fleet.yaml";

    private final LocalPostgres postgres;
    private final ChildProcess fleet;
    private final ChildProcess router;

    private BenchStack(LocalPostgres postgres, ChildProcess fleet, ChildProcess router) {
        this.postgres = postgres;
        this.fleet = fleet;
        this.router = router;
    }

    /** Starts all three; they are ready when this returns. */
    public static BenchStack start() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(OUT);
        System.out.println("Starting PostgreSQL, upstreams and the router ...");
        Path data = ScratchFolder.make("bench");
        LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), POSTGRES_PORT);
        ChildProcess fleet = upstreams();
        ChildProcess router = LocalStack.router(postgres, CONFIG, OUT, ROUTER_PORT);
        router.awaitReady("http://127.0.0.1:" + ROUTER_PORT + "/q/health/ready");
        return new BenchStack(postgres, fleet, router);
    }

    /** The upstreams alone. */
    public static ChildProcess upstreams() throws IOException, InterruptedException {
        ChildProcess fleet = ChildProcess.openledger(
                "bench-fleet", OUT, List.of("-Xmx512m"), Map.of(), "simulate", "--fleet", FLEET);
        fleet.awaitReady("http://127.0.0.1:" + INSTANT_PORT + "/simulator/calls");
        return fleet;
    }

    public LocalPostgres postgres() {
        return postgres;
    }

    public ChildProcess router() {
        return router;
    }

    /** Says how busy the machine was before, in words and in the report. */
    public static void machine(ObjectNode report) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        int cores = Runtime.getRuntime().availableProcessors();
        report.putObject("machine")
                .put("cores", cores)
                .put("load_average_before", load)
                .put("quick", BenchPace.isQuick());
        System.out.printf(Locale.ROOT, "Machine: %d cores, load average %.2f before%n", cores, load);
    }

    /** Writes {@code target/bench/<name>.json}. */
    public static void write(String name, ObjectNode report) throws IOException {
        Path file = Files.createDirectories(OUT).resolve(name + ".json");
        Files.writeString(file, report.toPrettyString() + "\n");
        System.out.println(
                "Written to " + file + (BenchPace.isQuick() ? "; QUICK=1, so the figures mean nothing" : ""));
    }

    public static String verdict(boolean reached) {
        return reached ? "reached" : "missed";
    }

    public static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    @Override
    public void close() throws IOException {
        router.close();
        fleet.close();
        postgres.close();
    }
}
