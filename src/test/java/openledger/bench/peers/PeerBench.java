package openledger.bench.peers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import openledger.bench.BenchPace;
import openledger.bench.BenchStack;
import openledger.bench.NginxProxy;
import openledger.bench.peers.GatewayUnderLoad.Side;
import openledger.demo.ChatRequest;
import openledger.demo.ChildProcess;
import openledger.demo.OpenLoop;
import openledger.support.CpuTime;

/**
 * Part {@code peers}: nginx, the router and compiled gateways before the same upstreams, under the same load, in the same run, in turns. A
 * peer that cannot be had is reported as absent, with the reason, and compared with nothing.
 */
public final class PeerBench {
    static final int[] CONNECTIONS = {32, 128};
    static final int[] RATES = {100, 1_000, 5_000};
    private static final int[] STREAMED_RATES = {100, 1_000};
    private static final int PEER_WARM_UP_SECONDS = 5;
    private static final int GRACE_SECONDS = 20;
    private static final Path CONFIGURATIONS = Path.of("target/peers/bench");

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final List<ChildProcess> started = new ArrayList<>();
    private final List<GatewayUnderLoad> peers = new ArrayList<>();
    private final BenchPace pace;

    public PeerBench(BenchPace pace) {
        this.pace = pace;
    }

    /** How many requests of the router failed; what fails in a peer is said, and is its own affair. */
    public int run() throws IOException, SQLException, InterruptedException {
        try (BenchStack stack = BenchStack.start()) {
            BenchStack.machine(report);
            GatewayUnderLoad router = router(stack);
            try {
                GatewayUnderLoad nginx = nginx();
                startPeers();
                List<GatewayUnderLoad> all = new ArrayList<>(List.of(nginx, router));
                all.addAll(peers);
                for (GatewayUnderLoad each : all) {
                    each.atRest();
                }
                closedLoops(all, router);
                for (int rate : RATES) {
                    openLoop(all, rate, false);
                }
                for (int rate : STREAMED_RATES) {
                    openLoop(all, rate, true);
                }
                for (GatewayUnderLoad each : all) {
                    tell(each);
                }
                new PeerVerdicts(report).compare(router, nginx, peers);
            } finally {
                started.forEach(ChildProcess::close);
            }
            BenchStack.write("peers", report);
            return (int) router.failures();
        }
    }

    private static GatewayUnderLoad router(BenchStack stack) throws IOException {
        Map<Upstream, Side> sides = new EnumMap<>(Upstream.class);
        for (Upstream upstream : Upstream.values()) {
            sides.put(upstream, new Side(stack.router(), BenchStack.ROUTER_PORT, upstream.route()));
        }
        return new GatewayUnderLoad("router", sides, Optional.of(CpuTime.of(stack.postgres())));
    }

    private GatewayUnderLoad nginx() throws IOException, InterruptedException {
        ChildProcess process =
                ChildProcess.start("bench-nginx", BenchStack.OUT, Map.of(), NginxProxy.command(BenchStack.OUT));
        started.add(process);
        Map<Upstream, Side> sides = new EnumMap<>(Upstream.class);
        for (Upstream upstream : Upstream.values()) {
            process.awaitReady("http://127.0.0.1:" + upstream.nginxPort() + "/health");
            sides.put(upstream, new Side(process, upstream.nginxPort(), "sim-large"));
        }
        return new GatewayUnderLoad("nginx", sides, Optional.empty());
    }

    private void startPeers() throws IOException, InterruptedException {
        Optional<String> none = PeerPrograms.COMPILED.install();
        Files.createDirectories(CONFIGURATIONS);
        for (Peer peer : CompiledPeers.ALL) {
            ObjectNode entry = report.withObject("/gateways/" + peer.name())
                    .put("version", peer.version())
                    .put("settings", peer.settings());
            Optional<String> absent = none.isPresent() ? none : start(peer);
            absent.ifPresent(why -> {
                entry.put("absent", why);
                System.out.println("  " + peer.name() + " is absent: " + why);
            });
        }
    }

    /** Starts a process of it before each upstream; why it cannot be had, or empty. */
    private Optional<String> start(Peer peer) throws IOException, InterruptedException {
        Map<Upstream, Side> sides = new EnumMap<>(Upstream.class);
        for (Upstream upstream : Upstream.values()) {
            int port = ChildProcess.freePort();
            Peer.Command command = peer.launch().command(CONFIGURATIONS, port, upstream);
            ChildProcess process = ChildProcess.start(
                    "peer-" + peer.name() + "-" + upstream.route(),
                    BenchStack.OUT,
                    command.environment(),
                    command.words());
            started.add(process);
            Optional<String> absent = PeerInstall.await(process, "http://127.0.0.1:" + port + peer.ready());
            if (absent.isPresent()) {
                return absent;
            }
            sides.put(upstream, new Side(process, port, peer.model()));
        }
        peers.add(new GatewayUnderLoad(peer.name(), sides, Optional.empty()));
        return Optional.empty();
    }

    private void closedLoops(List<GatewayUnderLoad> all, GatewayUnderLoad router)
            throws IOException, InterruptedException {
        System.out.println("Warming up, " + pace.warmUpSeconds() + " s for the router ...");
        for (GatewayUnderLoad each : all) {
            each.closedLoop(
                    CONNECTIONS[0],
                    each == router ? pace.warmUpSeconds() : Math.min(PEER_WARM_UP_SECONDS, pace.warmUpSeconds()));
        }
        for (int connections : CONNECTIONS) {
            for (int round = 1; round <= pace.rounds(); round++) {
                for (GatewayUnderLoad each : all) {
                    each.measure(connections, pace.roundSeconds());
                }
                System.out.println("  round " + round + " of " + pace.rounds() + " at " + connections + " connections");
            }
        }
    }

    private void openLoop(List<GatewayUnderLoad> all, int rate, boolean streamed) throws IOException {
        String kind = (streamed ? "streamed" : "plain") + " at " + rate + "/s";
        System.out.println("Open loop, upstream of 20 ms, " + kind + " ...");
        byte[] request = ChatRequest.of("sim-large", Boolean.toString(streamed), "");
        OpenLoop.Destination direct = new OpenLoop.Destination("direct", Upstream.DELAY20.port(), index -> request);
        List<OpenLoop.Destination> destinations = new ArrayList<>(List.of(direct));
        all.forEach(each -> destinations.add(each.destination(Upstream.DELAY20, streamed)));
        double seconds = pace.openWarmUpSeconds() + 2.0 * pace.openSeconds();
        new OpenLoop(destinations, rate, seconds, pace.openWarmUpSeconds(), 1).run(GRACE_SECONDS);
        System.out.printf(
                Locale.ROOT,
                "  %-8s %10s %10s %10s %10s %9s  (added to %.2f, %.2f, %.2f ms)%n",
                kind,
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "answers",
                "failures",
                direct.millis(50),
                direct.millis(99),
                direct.millis(99.9));
        for (OpenLoop.Destination each : destinations.subList(1, destinations.size())) {
            double p50 = each.millis(50) - direct.millis(50);
            double p99 = each.millis(99) - direct.millis(99);
            double p999 = each.millis(99.9) - direct.millis(99.9);
            System.out.printf(
                    Locale.ROOT,
                    "  %-8s %10.2f %10.2f %10.2f %10d %9d%n",
                    each.name,
                    p50,
                    p99,
                    p999,
                    each.measured(),
                    each.failed());
            report.withObject("/gateways/" + each.name + "/" + (streamed ? "streamed_" : "plain_") + rate)
                    .put("added_p50_ms", p50)
                    .put("added_p99_ms", p99)
                    .put("added_p999_ms", p999)
                    .put("answers", each.measured())
                    .put("failed", each.failed());
        }
    }

    private void tell(GatewayUnderLoad each) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "  %-8s %8.0f and %8.0f requests/s at 32 and 128 connections; %.3f s of a processor for 1,000, database %.3f;"
                        + " RSS %.0f MB idle, %.0f after the load; failures %d%n",
                each.name(),
                each.rate(CONNECTIONS[0]),
                each.rate(CONNECTIONS[1]),
                each.cpuPerThousand(),
                each.databaseCpuPerThousand(),
                each.idleMegabytes(),
                each.megabytes(),
                each.failures());
        report.withObject("/gateways/" + each.name())
                .put("per_second_32", each.rate(CONNECTIONS[0]))
                .put("per_second_128", each.rate(CONNECTIONS[1]))
                .put("cpu_seconds_per_1000", each.cpuPerThousand())
                .put("database_cpu_seconds_per_1000", each.databaseCpuPerThousand())
                .put("idle_rss_mb", each.idleMegabytes())
                .put("rss_mb", each.megabytes())
                .put("failures", each.failures());
    }
}
