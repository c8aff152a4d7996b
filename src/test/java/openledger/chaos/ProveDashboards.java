package openledger.chaos;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import openledger.bench.ConfirmedStack;
import openledger.bench.MixedLoad;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.support.ScratchFolder;

/**
 * {@code make prove-dashboards}: a router with a chain, a congested market and every mode under load for two minutes, a Prometheus with our
 * rules that scrapes it; then every query of every dashboard is asked, and every dashboard is drawn. The chain is reorganised and made to
 * stand still meanwhile, so that panels about that have something to show.
 */
final class ProveDashboards {
    private static final Path CONFIG = Path.of("deploy/dashboards.yaml");
    private static final Path FLEET = Path.of("deploy/modes-fleet.yaml");
    private static final int PROVIDER_PORT = 9221;
    private static final Path OUT = Path.of("target/dashboards");
    private static final Path RULES = Path.of("dashboards/generated/openledger.rules.yaml");

    private static final Duration LOAD = Duration.ofSeconds(130);
    private static final int REORG_AT = 45;
    private static final int REORG_DEPTH = 4;
    private static final int STALL_AT = 80;
    private static final int STALL_SECONDS = 4;
    private static final int SCRAPE_SECONDS = 5;
    /** As Grafana's {@code $__rate_interval}: four scrapes. */
    private static final int RATE_SECONDS = 4 * SCRAPE_SECONDS;
    /** So that the last figures are scraped, and rules of one minute have seen them. */
    private static final int AFTERWARDS_SECONDS = 15;

    private static final int LIMIT_SECONDS = 240;

    private ProveDashboards() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        System.exit(run() ? 0 : 1);
    }

    @SuppressWarnings("try") // some only have to be there
    private static boolean run() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(OUT);
        System.out.println("Starting PostgreSQL, a chain, providers, the router and Prometheus ...");
        int scraped = ChildProcess.freePort();
        HttpServer collector = collector();
        Map<String, String> telemetry = Map.of(
                "OPENLEDGER_TELEMETRY_SCRAPE_PORT",
                Integer.toString(scraped),
                "OPENLEDGER_TELEMETRY_PUSH_ENDPOINT",
                "http://127.0.0.1:" + collector.getAddress().getPort());
        try (ConfirmedStack stack = ConfirmedStack.start(CONFIG, FLEET, PROVIDER_PORT, OUT, telemetry)) {
            int port = ChildProcess.freePort();
            try (ChildProcess prometheus = prometheus(port, scraped)) {
                String address = "http://127.0.0.1:" + port;
                prometheus.awaitReady(address + "/-/ready");
                Instant from = Instant.now();
                load(stack.chain());
                return prove(address, from, Instant.now());
            }
        } finally {
            collector.stop(0);
        }
    }

    private static void load(AnvilNode chain) throws InterruptedException {
        System.out.println("Sending requests in every mode for " + LOAD.toSeconds() + " s ...");
        Thread troubles = Thread.ofVirtual().start(() -> trouble(chain));
        MixedLoad load = new MixedLoad();
        load.run(LOAD);
        troubles.join();
        System.out.println("  answers by status: " + load.answers());
        TimeUnit.SECONDS.sleep(AFTERWARDS_SECONDS);
    }

    private static void trouble(AnvilNode chain) {
        try {
            TimeUnit.SECONDS.sleep(REORG_AT);
            chain.reorg(REORG_DEPTH);
            TimeUnit.SECONDS.sleep(STALL_AT - REORG_AT);
            chain.stall();
            TimeUnit.SECONDS.sleep(STALL_SECONDS);
            chain.resume(1);
        } catch (IOException e) {
            System.out.println("  the chain was left in peace: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean prove(String prometheus, Instant from, Instant to) throws IOException, InterruptedException {
        String first = Long.toString(from.getEpochSecond());
        String last = Long.toString(to.getEpochSecond());
        String rate = Integer.toString(RATE_SECONDS);
        System.out.println("Asking every query of every dashboard ...");
        boolean answered = node("dashboards/src/prove.js", prometheus, first, last, rate);
        System.out.println("Drawing every dashboard ...");
        boolean drawn = node("dashboards/draw/pictures.js", prometheus, first, last, rate, OUT.toString());
        return answered && drawn;
    }

    private static boolean node(String script, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("node", script);
        builder.command().addAll(List.of(arguments));
        Process process = builder.inheritIO().start();
        try {
            return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static ChildProcess prometheus(int port, int scraped) throws IOException {
        String program = System.getenv("PROMETHEUS");
        if (program == null) {
            throw new IOException("PROMETHEUS does not say where prometheus is: run scripts/dashboards prove");
        }
        Path config = OUT.resolve("prometheus.yaml");
        Files.writeString(config, PROMETHEUS.formatted(SCRAPE_SECONDS, RULES.toAbsolutePath(), scraped));
        Path data = ScratchFolder.make("prometheus");
        return ChildProcess.start(
                "prometheus",
                OUT,
                Map.of(),
                List.of(
                        program,
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + data,
                        "--web.listen-address=127.0.0.1:" + port,
                        "--enable-feature=exemplar-storage",
                        "--log.level=warn"));
    }

    /** Takes what is pushed and throws it away: traces are written only for somebody, and exemplars refer to traces. */
    private static HttpServer collector() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.start();
        return server;
    }

    @SuppressWarnings("InlineFormatString") // a file reads best apart
    private static final String PROMETHEUS = """
            global:
              scrape_interval: %1$ds
              evaluation_interval: %1$ds
            rule_files:
              - %2$s
            scrape_configs:
              - job_name: openledger
                static_configs:
                  - targets: ["127.0.0.1:%3$d"]
            """;
}
