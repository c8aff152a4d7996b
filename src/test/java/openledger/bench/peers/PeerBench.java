package openledger.bench.peers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import openledger.bench.BenchPace;
import openledger.bench.BenchStack;
import openledger.bench.peers.Peer.Upstream;
import openledger.demo.ChatRequest;
import openledger.demo.ChildProcess;
import openledger.demo.OpenLoop;
import openledger.support.ProcessFigures;

/**
 * Part {@code peers}: other gateways before the same upstreams, under the same load, in the same run, in turns with the
 * router. A peer that cannot be had is reported as absent, with the reason, and compared with nothing.
 */
public final class PeerBench {
    private static final Path INSTALLED = Path.of("target/peers");
    private static final int[] CONNECTIONS = {32, 128};
    /** What the slowest bears. */
    private static final double OPEN_RATE = 100;

    private static final double TIMES_PORTKEY = 25;
    private static final int OPEN_GRACE_SECONDS = 20;

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final List<GatewayUnderLoad> subjects = new ArrayList<>();
    private final BenchPace pace;

    public PeerBench(BenchPace pace) {
        this.pace = pace;
    }

    /** How many requests of the router failed; what fails in a peer is said, and is its own affair. */
    public int run() throws IOException, SQLException, InterruptedException {
        try (BenchStack stack = BenchStack.start()) {
            BenchStack.machine(report);
            GatewayUnderLoad router = new GatewayUnderLoad(
                    "router",
                    stack.router(),
                    BenchStack.ROUTER_PORT,
                    Map.of(Upstream.INSTANT, "instant", Upstream.DELAY20, "delay20"),
                    Map.of());
            subjects.add(router);
            try {
                startPeers();
                closedLoops();
                openLoop();
                compare(router);
            } finally {
                subjects.stream().skip(1).forEach(peer -> peer.process.close());
            }
            BenchStack.write("peers", report);
            return (int) router.failures();
        }
    }

    private void startPeers() throws IOException, InterruptedException {
        for (Peer peer : List.of(new PortkeyPeer(), new LiteLlmPeer(), new BifrostPeer())) {
            ObjectNode entry = report.withObject("/gateways/" + peer.name())
                    .put("version", peer.version())
                    .put("settings", peer.settings());
            int port = freePort();
            switch (peer.start(INSTALLED.resolve(peer.name()), port)) {
                case Peer.Start.Absent(String why) -> {
                    entry.put("absent", why);
                    System.out.println("  " + peer.name() + " is absent: " + why);
                }
                case Peer.Start.Running(ChildProcess process) -> subjects.add(subject(peer, process, port));
            }
        }
    }

    private static GatewayUnderLoad subject(Peer peer, ChildProcess process, int port) {
        Map<Upstream, String> models = new LinkedHashMap<>();
        Map<Upstream, Map<String, String>> headers = new LinkedHashMap<>();
        for (Upstream upstream : Upstream.values()) {
            models.put(upstream, peer.model(upstream));
            headers.put(upstream, peer.headers(upstream));
        }
        return new GatewayUnderLoad(peer.name(), process, port, models, headers);
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private void closedLoops() throws IOException, InterruptedException {
        System.out.println("Warming up, " + pace.warmUpSeconds() + " s each ...");
        for (GatewayUnderLoad each : subjects) {
            each.closedLoop(CONNECTIONS[0], pace.warmUpSeconds());
        }
        for (int connections : CONNECTIONS) {
            for (int round = 1; round <= pace.rounds(); round++) {
                for (GatewayUnderLoad each : subjects) {
                    each.measure(connections, pace.roundSeconds());
                }
                System.out.println("  round " + round + " of " + pace.rounds() + " at " + connections + " connections");
            }
        }
    }

    private void openLoop() throws IOException {
        byte[] upstream = ChatRequest.of("sim-large", "false", "");
        OpenLoop.Destination direct = new OpenLoop.Destination("direct", BenchStack.DELAYED_PORT, index -> upstream);
        List<OpenLoop.Destination> all = new ArrayList<>(List.of(direct));
        subjects.forEach(each -> all.add(each.open));
        double seconds = pace.openWarmUpSeconds() + 2.0 * pace.openSeconds();
        System.out.printf(Locale.ROOT, "Open loop: %.0f requests/s, upstream of 20 ms ...%n", OPEN_RATE);
        new OpenLoop(all, OPEN_RATE, seconds, pace.openWarmUpSeconds(), 1).run(OPEN_GRACE_SECONDS);
        System.out.printf(
                Locale.ROOT,
                "%n  %-8s %12s %12s %14s %14s %9s %9s%n",
                "",
                "req/s at 32",
                "req/s at 128",
                "added p50 ms",
                "added p99 ms",
                "RSS MB",
                "failures");
        for (GatewayUnderLoad each : subjects) {
            report(each, direct);
        }
    }

    private void report(GatewayUnderLoad each, OpenLoop.Destination direct) throws IOException {
        double p50 = each.open.millis(50) - direct.millis(50);
        double p99 = each.open.millis(99) - direct.millis(99);
        double rss = ProcessFigures.of(each.process.pid()).rssMegabytes();
        System.out.printf(
                Locale.ROOT,
                "  %-8s %12.0f %12.0f %14.2f %14.2f %9.0f %9d%n",
                each.name,
                each.rate(CONNECTIONS[0]),
                each.rate(CONNECTIONS[1]),
                p50,
                p99,
                rss,
                each.failures());
        report.withObject("/gateways/" + each.name)
                .put("per_second_32", each.rate(CONNECTIONS[0]))
                .put("per_second_128", each.rate(CONNECTIONS[1]))
                .put("added_p50_ms", p50)
                .put("added_p99_ms", p99)
                .put("open_loop_answers", each.open.measured())
                .put("rss_mb", rss)
                .put("failures", each.failures());
    }

    private void compare(GatewayUnderLoad router) {
        System.out.println();
        for (GatewayUnderLoad peer : subjects.subList(1, subjects.size())) {
            if (peer.failures() > 0 || !peer.answered()) {
                System.out.println("  " + peer.name + ": requests failed or were not answered, so no comparison");
                continue;
            }
            for (int connections : CONNECTIONS) {
                double ratio = router.rate(connections) / peer.rate(connections);
                double target = peer.name.equals("portkey") ? TIMES_PORTKEY : 1;
                System.out.printf(
                        Locale.ROOT,
                        "  router / %s at %d connections = %.1f (target %.0f: %s)%n",
                        peer.name,
                        connections,
                        ratio,
                        target,
                        BenchStack.verdict(ratio >= target));
                report.withObject("/ratios/" + peer.name).put("per_second_" + connections, ratio);
            }
            ahead(peer, "added_p99_ms");
            ahead(peer, "rss_mb");
        }
    }

    private void ahead(GatewayUnderLoad peer, String figure) {
        double ours = report.at("/gateways/router/" + figure).asDouble();
        double theirs = report.at("/gateways/" + peer.name + "/" + figure).asDouble();
        System.out.printf(
                Locale.ROOT,
                "  %s: router %.2f, %s %.2f (target: less: %s)%n",
                figure,
                ours,
                peer.name,
                theirs,
                BenchStack.verdict(ours < theirs));
    }
}
