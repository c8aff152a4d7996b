package openledger.bench.peers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import openledger.bench.BenchStack;

/** The router's figures held against nginx's, the peers' and what is to be reached; missed targets are said, and are no failure. */
final class PeerVerdicts {
    private static final double[] OF_NGINX = {0.65, 0.80};
    private static final double TIMES_PEER = 1.5;
    private static final double RSS_MEGABYTES = 160;
    private static final double IDLE_MEGABYTES = 120;

    private final ObjectNode report;

    /** Verdicts on a report, to which ratios are added. */
    PeerVerdicts(ObjectNode report) {
        this.report = report;
    }

    void compare(GatewayUnderLoad router, GatewayUnderLoad nginx, List<GatewayUnderLoad> peers) throws IOException {
        System.out.println();
        for (int i = 0; i < PeerBench.CONNECTIONS.length; i++) {
            ratio(router, nginx, PeerBench.CONNECTIONS[i], OF_NGINX[i]);
        }
        atMost("RSS after the load, MB", router.megabytes(), RSS_MEGABYTES);
        atMost("RSS idle, MB", router.idleMegabytes(), IDLE_MEGABYTES);
        for (GatewayUnderLoad peer : peers) {
            if (peer.failures() > 0 || !peer.answered()) {
                System.out.println("  " + peer.name() + ": requests failed or were not answered, so no comparison");
                continue;
            }
            for (int connections : PeerBench.CONNECTIONS) {
                ratio(router, peer, connections, TIMES_PEER);
            }
            atMost("s of a processor for 1,000, beside " + peer.name(), router.cpuPerThousand(), peer.cpuPerThousand());
            for (int rate : List.of(PeerBench.RATES[0], PeerBench.RATES[1])) {
                String figure = "/plain_" + rate + "/added_p99_ms";
                atMost(
                        "added p99 at " + rate + "/s, ms, beside " + peer.name(),
                        report.at("/gateways/router" + figure).asDouble(),
                        report.at("/gateways/" + peer.name() + figure).asDouble());
            }
        }
    }

    private void ratio(GatewayUnderLoad router, GatewayUnderLoad other, int connections, double target) {
        double ratio = router.rate(connections) / other.rate(connections);
        System.out.printf(
                Locale.ROOT,
                "  router / %s at %d connections = %.2f (target %.2f: %s)%n",
                other.name(),
                connections,
                ratio,
                target,
                BenchStack.verdict(ratio >= target));
        report.withObject("/ratios/" + other.name()).put("per_second_" + connections, ratio);
    }

    private static void atMost(String what, double ours, double most) {
        System.out.printf(
                Locale.ROOT,
                "  %s: %.3f (target: at most %.3f: %s)%n",
                what,
                ours,
                most,
                BenchStack.verdict(ours <= most));
    }
}
