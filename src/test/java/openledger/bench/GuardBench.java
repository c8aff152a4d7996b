package openledger.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import openledger.demo.ChildProcess;
import openledger.demo.OpenLoop;
import openledger.support.RecordedChain;

/**
 * Part {@code guard}: how much later answers arrive through {@code openledger guard} than from the same instant router directly, in turns of
 * a second. Each answer has a genuine promise, and the guard checks each.
 */
final class GuardBench {
    private static final double RATE = 200;
    private static final double TARGET_MILLIS = 1;

    private final BenchPace pace;

    GuardBench(BenchPace pace) {
        this.pace = pace;
    }

    /** How many requests failed. */
    int run() throws IOException, InterruptedException {
        Files.createDirectories(BenchStack.OUT);
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        BenchStack.machine(report);
        Vertx vertx = Vertx.vertx();
        int port = ChildProcess.freePort();
        int metrics = ChildProcess.freePort();
        try (RecordedChain chain = new RecordedChain()) {
            int router = router(vertx, chain.signedHeader());
            try (ChildProcess guard = ChildProcess.openledger(
                    "bench-guard",
                    BenchStack.OUT,
                    List.of("-Xmx256m"),
                    Map.of(),
                    "guard",
                    "--router",
                    "http://127.0.0.1:" + router,
                    "--rpc",
                    chain.rpc().toString(),
                    "--lane",
                    Long.toString(chain.lane()),
                    "--port",
                    Integer.toString(port),
                    "--metrics-port",
                    Integer.toString(metrics))) {
                guard.awaitReady("http://127.0.0.1:" + metrics + "/metrics");
                byte[] request = request(chain.promise().get("body").asText());
                var direct = new OpenLoop.Destination("direct", router, index -> request);
                var guarded = new OpenLoop.Destination("guard", port, index -> request);
                double seconds = pace.openWarmUpSeconds() + pace.openSeconds();
                new OpenLoop(List.of(direct, guarded), RATE, seconds, pace.openWarmUpSeconds(), 1).run(5);
                print(report, direct, guarded);
                return (int) (direct.failed() + guarded.failed());
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Answers at once; a receipt is none, so each promise is looked for in vain. */
    private static int router(Vertx vertx, String promise) {
        return vertx.createHttpServer()
                .requestHandler(request -> request.response()
                        .putHeader("openledger-promise", promise)
                        .end("{\"id\":\"an answer\"}"))
                .listen(0, "127.0.0.1")
                .map(HttpServer::actualPort)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static byte[] request(String body) {
        return ("POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer sk-bench\r\n"
                        + "content-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void print(ObjectNode report, OpenLoop.Destination direct, OpenLoop.Destination guarded)
            throws IOException {
        double half = guarded.millis(50) - direct.millis(50);
        double most = guarded.millis(99) - direct.millis(99);
        System.out.printf(
                Locale.ROOT,
                "Guard at %.0f requests/s: direct p50 %.3f p99 %.3f ms, guard p50 %.3f p99 %.3f ms%n"
                        + "  added p50 %.3f ms, p99 %.3f ms (target %.0f ms: %s)%n",
                RATE,
                direct.millis(50),
                direct.millis(99),
                guarded.millis(50),
                guarded.millis(99),
                half,
                most,
                TARGET_MILLIS,
                BenchStack.verdict(half <= TARGET_MILLIS && most <= TARGET_MILLIS));
        report.put("direct_p50_ms", direct.millis(50))
                .put("direct_p99_ms", direct.millis(99))
                .put("added_p50_ms", half)
                .put("added_p99_ms", most)
                .put("target_ms", TARGET_MILLIS)
                .put("failed_requests", direct.failed() + guarded.failed());
        BenchStack.write("guard", report);
    }
}
