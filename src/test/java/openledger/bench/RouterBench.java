package openledger.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import openledger.demo.ChatRequest;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.OpenLoop;
import openledger.support.Wrk;

/**
 * Parts {@code closed} and {@code open}: the same upstream directly, through one nginx worker, and through the router with
 * everything on, the durable journal included; all in one run on this machine, as ratios.
 */
final class RouterBench {
    private static final int NGINX_INSTANT_PORT = 9301;
    private static final int NGINX_DELAYED_PORT = 9302;
    private static final double OPEN_RATE = 1_000;

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final Wrk wrk = new Wrk(BenchStack.OUT);
    private final String part;
    private final BenchPace pace;
    private int failures;

    RouterBench(String part, BenchPace pace) {
        this.part = part;
        this.pace = pace;
    }

    /** How many requests failed. */
    int run() throws IOException, SQLException, InterruptedException {
        try (BenchStack stack = BenchStack.start();
                ChildProcess nginx = ChildProcess.start(
                        "bench-nginx", BenchStack.OUT, Map.of(), NginxProxy.command(BenchStack.OUT))) {
            nginx.awaitReady("http://127.0.0.1:" + NGINX_INSTANT_PORT + "/simulator/calls");
            BenchStack.machine(report);
            say("Warming up, " + (pace.warmUpSeconds() + pace.roundSeconds()) + " s ...");
            perSecond(BenchStack.ROUTER_PORT, "instant", 64, pace.warmUpSeconds());
            perSecond(NGINX_INSTANT_PORT, "sim-large", 64, pace.roundSeconds());
            if (!"open".equals(part)) {
                closedLoop(32, 0.35);
                closedLoop(128, 0.55);
            }
            if (!"closed".equals(part)) {
                awaitDerivation(stack.postgres());
                openLoop();
            }
        }
        failures += wrk.failures();
        report.put("failed_requests", failures);
        BenchStack.write("router", report);
        say("Requests that failed: " + failures);
        return failures;
    }

    /** Rounds in turns, medians of each. */
    private void closedLoop(int connections, double target) throws IOException, InterruptedException {
        List<Double> direct = new ArrayList<>();
        List<Double> nginx = new ArrayList<>();
        List<Double> router = new ArrayList<>();
        for (int round = 0; round < pace.rounds(); round++) {
            nginx.add(perSecond(NGINX_INSTANT_PORT, "sim-large", connections, pace.roundSeconds()));
            router.add(perSecond(BenchStack.ROUTER_PORT, "instant", connections, pace.roundSeconds()));
            direct.add(perSecond(BenchStack.INSTANT_PORT, "sim-large", connections, pace.roundSeconds()));
            say("  round " + (round + 1) + " of " + pace.rounds() + " at " + connections + " connections");
        }
        double ratio = BenchStack.median(router) / BenchStack.median(nginx);
        say(String.format(
                Locale.ROOT,
                "\nInstant upstream, %d connections (requests/s, medians): direct %.0f, nginx %.0f, router %.0f%n"
                        + "  router / nginx = %.2f (target %.2f: %s)%n",
                connections,
                BenchStack.median(direct),
                BenchStack.median(nginx),
                BenchStack.median(router),
                ratio,
                target,
                BenchStack.verdict(ratio >= target)));
        report.putObject("closed_loop_" + connections)
                .put("direct_per_second", BenchStack.median(direct))
                .put("nginx_per_second", BenchStack.median(nginx))
                .put("router_per_second", BenchStack.median(router))
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
        say("Open loop: 1,000 requests/s, upstream of 20 ms, " + pace.openWarmUpSeconds() + " s warm-up and "
                + pace.openSeconds() + " s measured ...");
        byte[] upstream = ChatRequest.of("sim-large", "false", "");
        byte[] routed = ChatRequest.of("delay20", "false", "");
        var direct = new OpenLoop.Destination("direct", BenchStack.DELAYED_PORT, index -> upstream);
        var nginx = new OpenLoop.Destination("nginx", NGINX_DELAYED_PORT, index -> upstream);
        var router = new OpenLoop.Destination("router", BenchStack.ROUTER_PORT, index -> routed);
        double seconds = pace.openWarmUpSeconds() + pace.openSeconds();
        new OpenLoop(List.of(direct, nginx, router), OPEN_RATE, seconds, pace.openWarmUpSeconds(), 1).run(5);
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
                BenchStack.verdict(router.millis(50) - direct.millis(50) <= 0.4),
                BenchStack.verdict(router.millis(99) - direct.millis(99) <= 3)));
    }

    private double perSecond(int port, String model, int connections, int seconds)
            throws IOException, InterruptedException {
        return wrk.perSecond(Wrk.Aim.at(port, model), connections, seconds);
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
