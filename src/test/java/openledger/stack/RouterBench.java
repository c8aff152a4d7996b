package openledger.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code make bench}: the same upstream directly, through one nginx worker, and through the router with everything on,
 * the durable journal included; all in one run on this machine, as ratios.
 */
public final class RouterBench {
    private static final Path OUT = Path.of("target/bench");
    private static final int POSTGRES_PORT = 5498;
    private static final int ROUTER_PORT = 8098;
    private static final int INSTANT_PORT = 9201;
    private static final int DELAYED_PORT = 9202;
    private static final int NGINX_INSTANT_PORT = 9301;
    private static final int NGINX_DELAYED_PORT = 9302;
    private static final int ROUNDS = 5;
    private static final int ROUND_SECONDS = 4;
    /** On two cores the compiler is not done sooner. */
    private static final int WARM_UP_SECONDS = 40;

    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern FAILED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)|Socket errors: (.*)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode report = JSON.createObjectNode();
    private int failures;

    private final String part;

    private RouterBench(String part) {
        this.part = part;
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        String part = arguments.length == 0 ? "all" : arguments[0];
        if (!List.of("all", "closed", "open").contains(part)) {
            System.err.println("There are the parts closed, open and all; not '" + part + "'.");
            System.exit(2);
        }
        new RouterBench(part).run();
    }

    private void run() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(OUT);
        say("Starting PostgreSQL, upstreams, nginx and the router ...");
        Path data = Files.createTempDirectory("openledger-bench");
        try (LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), POSTGRES_PORT);
                ChildProcess fleet = ChildProcess.openledger(
                        "bench-fleet",
                        OUT,
                        List.of("-Xmx256m"),
                        Map.of(),
                        "simulate",
                        "--fleet",
                        "deploy/bench-fleet.yaml");
                ChildProcess nginx = ChildProcess.start("bench-nginx", OUT, Map.of(), NginxProxy.command(OUT));
                ChildProcess router = LocalStack.router(postgres, Path.of("deploy/bench.yaml"), OUT, ROUTER_PORT)) {
            fleet.awaitReady("http://127.0.0.1:" + INSTANT_PORT + "/simulator/calls");
            nginx.awaitReady("http://127.0.0.1:" + NGINX_INSTANT_PORT + "/simulator/calls");
            router.awaitReady("http://127.0.0.1:" + ROUTER_PORT + "/q/health/ready");
            machine();
            say("Warming up, 45 s ...");
            wrk(ROUTER_PORT, "instant", 64, WARM_UP_SECONDS);
            wrk(NGINX_INSTANT_PORT, "sim-large", 64, ROUND_SECONDS);
            if (!"open".equals(part)) {
                closedLoop(32, 0.35);
                closedLoop(128, 0.55);
            }
            if (!"closed".equals(part)) {
                awaitDerivation(postgres);
                openLoop();
            }
        }
        report.put("failed_requests", failures);
        Path file = OUT.resolve("router.json");
        Files.writeString(file, report.toPrettyString() + "\n");
        say("\nWritten to " + file + "; requests that failed: " + failures);
        if (failures > 0) {
            System.exit(1);
        }
    }

    private void machine() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        report.putObject("machine")
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("load_average_before", load);
        say(String.format(
                Locale.ROOT,
                "Machine: %d cores, load average %.2f before",
                Runtime.getRuntime().availableProcessors(),
                load));
    }

    /** Rounds in turns, medians of each. */
    private void closedLoop(int connections, double target) throws IOException, InterruptedException {
        List<Double> direct = new ArrayList<>();
        List<Double> nginx = new ArrayList<>();
        List<Double> router = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            nginx.add(wrk(NGINX_INSTANT_PORT, "sim-large", connections, ROUND_SECONDS));
            router.add(wrk(ROUTER_PORT, "instant", connections, ROUND_SECONDS));
            direct.add(wrk(INSTANT_PORT, "sim-large", connections, ROUND_SECONDS));
            say("  round " + (round + 1) + " of " + ROUNDS + " at " + connections + " connections");
        }
        double ratio = median(router) / median(nginx);
        say(String.format(
                Locale.ROOT,
                "\nInstant upstream, %d connections (requests/s, medians): direct %.0f, nginx %.0f, router %.0f%n"
                        + "  router / nginx = %.2f (target %.2f: %s)%n",
                connections,
                median(direct),
                median(nginx),
                median(router),
                ratio,
                target,
                ratio >= target ? "reached" : "missed"));
        report.putObject("closed_loop_" + connections)
                .put("direct_per_second", median(direct))
                .put("nginx_per_second", median(nginx))
                .put("router_per_second", median(router))
                .put("router_over_nginx", ratio)
                .put("target", target);
    }

    /** The burst has been recorded; its rows are derived behind it, which the open loop should not have to share with. */
    private void awaitDerivation(LocalPostgres postgres) throws SQLException, InterruptedException {
        long since = System.nanoTime();
        try (Connection connection = postgres.connect();
                PreparedStatement left =
                        connection.prepareStatement("select coalesce(sum(records), 0) from journal_chunk"
                                + " where seq > coalesce((select max(seq) from projection), 0)")) {
            long behind = single(left);
            for (long now = behind; now > 0; now = single(left)) {
                say("  " + now + " journal records wait to be derived ...");
                Thread.sleep(5_000);
            }
            long seconds = Duration.ofNanos(System.nanoTime() - since).toSeconds();
            say("  derived " + behind + " journal records after the burst, in " + seconds + " s\n");
            report.putObject("derivation")
                    .put("records_behind_after_burst", behind)
                    .put("seconds", seconds);
        }
    }

    private static long single(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private void openLoop() throws IOException {
        say("Open loop: 1,000 requests/s, upstream of 20 ms, 33 s warm-up and 60 s measured ...");
        byte[] upstream = ChatRequest.of("sim-large", "false", "");
        byte[] routed = ChatRequest.of("delay20", "false", "");
        var direct = new OpenLoop.Destination("direct", DELAYED_PORT, index -> upstream);
        var nginx = new OpenLoop.Destination("nginx", NGINX_DELAYED_PORT, index -> upstream);
        var router = new OpenLoop.Destination("router", ROUTER_PORT, index -> routed);
        new OpenLoop(List.of(direct, nginx, router), 1_000, 93, 33, 1).run(5);
        for (OpenLoop.Destination each : List.of(direct, nginx, router)) {
            failures += (int) each.failed();
            say(String.format(
                    Locale.ROOT,
                    "  %-7s n=%d p50 %.3f p90 %.3f p99 %.3f ms; added p50 %.3f p99 %.3f ms",
                    each.name,
                    each.measured(),
                    each.millis(50),
                    each.millis(90),
                    each.millis(99),
                    each.millis(50) - direct.millis(50),
                    each.millis(99) - direct.millis(99)));
            report.putObject("open_loop_" + each.name)
                    .put("p50_ms", each.millis(50))
                    .put("p99_ms", each.millis(99))
                    .put("added_p50_ms", each.millis(50) - direct.millis(50))
                    .put("added_p99_ms", each.millis(99) - direct.millis(99));
        }
        say(String.format(
                Locale.ROOT,
                "  targets for the router: added p50 <= 0.4 ms (%s), p99 <= 3 ms (%s)",
                router.millis(50) - direct.millis(50) <= 0.4 ? "reached" : "missed",
                router.millis(99) - direct.millis(99) <= 3 ? "reached" : "missed"));
    }

    /** Requests a second that wrk gets through. */
    private double wrk(int port, String model, int connections, int seconds) throws IOException, InterruptedException {
        Path script = OUT.resolve(model + ".lua");
        Files.writeString(script, """
                wrk.method = "POST"
                wrk.headers["content-type"] = "application/json"
                wrk.headers["authorization"] = "Bearer %s"
                wrk.body = '{"model":"%s","messages":[{"role":"system","content":"You are a helpful assistant."},\
                {"role":"user","content":"Hello!"}]}'
                """.formatted(LocalStack.KEY, model));
        Process process = new ProcessBuilder(
                        "wrk",
                        "-t1",
                        "-c" + connections,
                        "-d" + seconds + "s",
                        "-s",
                        script.toString(),
                        "http://127.0.0.1:" + port + "/v1/chat/completions")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        Matcher failed = FAILED.matcher(output);
        if (failed.find()) {
            failures++;
            say("  wrk on port " + port + ": " + failed.group());
        }
        Matcher rate = RATE.matcher(output);
        if (!rate.find()) {
            throw new IOException("wrk said: " + output);
        }
        return Double.parseDouble(rate.group(1));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
