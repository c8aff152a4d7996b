package openledger.chaos.attack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import openledger.demo.ChatRequest;
import openledger.demo.HttpFraming;
import openledger.demo.OpenLoop;
import org.HdrHistogram.Histogram;

/** Somebody who only wants to work: 100 requests a second, of which some use the provider that is shared with the attacker. */
final class HonestTenant {
    private static final double RATE = 100;
    private static final double GRACE_SECONDS = 15;
    private static final byte[] OWN = ChatRequest.of("honest", "false", "");
    private static final byte[] STREAM = ChatRequest.of("honest", "true", "");
    private static final byte[] SHARED = ChatRequest.of("shared", "false", "");
    private static final byte[] MODELS = ("GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer "
                    + AttackStack.HONEST_KEY + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);

    private final Histogram latency = new Histogram(60_000_000L, 3);
    private long shared;
    private long best;
    private long failed;

    /** Works for so long, and waits for the last answers. */
    void work(double seconds) throws IOException {
        OpenLoop.Destination router =
                new OpenLoop.Destination("router", AttackStack.ROUTER_PORT, HonestTenant::request);
        new OpenLoop(java.util.List.of(router), RATE, seconds, 0, seconds)
                .tell((from, answer) -> count(answer))
                .run(GRACE_SECONDS);
        router.addTo(latency);
        failed += router.failed();
    }

    private void count(HttpFraming answer) {
        String route = answer.header("openledger-route");
        if (route.equals("shared")) {
            shared++;
            best += answer.header("openledger-tier").equals("best") ? 1 : 0;
        }
    }

    private static byte[] request(int index) {
        return switch (index % 10) {
            case 0 -> MODELS;
            case 1 -> STREAM;
            case 2, 3 -> SHARED;
            default -> OWN;
        };
    }

    double p99Millis() {
        return latency.getValueAtPercentile(99) / 1e3;
    }

    double longestMillis() {
        return latency.getMaxValue() / 1e3;
    }

    long answered() {
        return latency.getTotalCount();
    }

    /** Answers other than 2xx, lost connections and requests without an answer. */
    long failed() {
        return failed;
    }

    /** Of the answers on the route whose provider the attacker uses too, how many came from the best tier, 0 to 1. */
    double bestTierShare() {
        return shared == 0 ? 0 : (double) best / shared;
    }
}
