package openledger.bench.guard;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import openledger.bench.BenchPace;
import openledger.bench.BenchStack;
import openledger.bench.NginxProxy;
import openledger.demo.ChildProcess;
import openledger.demo.OpenLoop;
import openledger.support.CpuTime;

/**
 * Part {@code guard}: how much later answers arrive through {@code openledger guard} than from the same instant router directly, and through
 * one nginx worker that checks nothing, in turns of a second. Each answer has a genuine promise of its own, and the guard checks each; no
 * receipt is there yet, so that it looks for each some times.
 */
public final class GuardBench {
    private static final double RATE = 200;
    private static final double WARM_RATE = 1_000;
    private static final int WARM_PROMISES = 100;
    private static final double TARGET_MILLIS = 1;
    private static final int NGINX_PORT = 9301;

    private final BenchPace pace;

    public GuardBench(BenchPace pace) {
        this.pace = pace;
    }

    /** How many requests failed, or were not found genuine. */
    public int run() throws IOException, InterruptedException {
        Files.createDirectories(BenchStack.OUT);
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        BenchStack.machine(report);
        double seconds = pace.openSeconds();
        // Three destinations have as many each, and one may have a turn more.
        int each = (int) (RATE * (Math.ceil(seconds / 3) + 1));
        System.out.println("Signing " + each + " promises ...");
        PromisedAnswers answers = PromisedAnswers.make(each);
        Vertx vertx = Vertx.vertx();
        int port = ChildProcess.freePort();
        String metrics = "http://127.0.0.1:" + ChildProcess.freePort() + "/metrics";
        try {
            String router = "http://127.0.0.1:" + router(vertx, answers.headers());
            try (ChildProcess nginx = ChildProcess.start(
                            "bench-nginx", BenchStack.OUT, Map.of(), NginxProxy.command(BenchStack.OUT));
                    ChildProcess guard = guard(router, port, URI.create(metrics).getPort(), answers.trust())) {
                nginx.awaitReady("http://127.0.0.1:" + NGINX_PORT + "/");
                guard.awaitReady(metrics);
                warmUp(port, answers.requests());
                var direct = destination("direct", BenchStack.INSTANT_PORT, answers);
                var hop = destination("nginx", NGINX_PORT, answers);
                var guarded = destination("guard", port, answers);
                CpuTime processor = CpuTime.of(guard.pid());
                Duration before = processor.sofar();
                new OpenLoop(List.of(direct, hop, guarded), RATE, seconds, 0, 1).run(5);
                long perAnswer = (long) (processor.sofar().minus(before).toNanos() / 1e3 / (RATE * seconds / 3));
                print(report, direct, hop, guarded, perAnswer);
                return (int) (direct.failed() + hop.failed() + guarded.failed()) + unproved(metrics);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Until the compiler is done: it takes the processors that the measured answers need. The same promises again are checked, and not kept. */
    private void warmUp(int port, List<byte[]> requests) throws IOException {
        System.out.println("Warming up, " + pace.openWarmUpSeconds() + " s ...");
        var warm = new OpenLoop.Destination("warm-up", port, index -> requests.get(index % WARM_PROMISES));
        new OpenLoop(List.of(warm), WARM_RATE, pace.openWarmUpSeconds(), pace.openWarmUpSeconds(), 1).run(5);
    }

    private static ChildProcess guard(String router, int port, int metrics, List<String> trust) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("guard", "--router", router, "--rpc", router));
        arguments.addAll(trust);
        arguments.addAll(List.of("--port", Integer.toString(port), "--metrics-port", Integer.toString(metrics)));
        return ChildProcess.openledger(
                "bench-guard",
                BenchStack.OUT,
                List.of("@deploy/jvm.options"),
                Map.of(),
                arguments.toArray(String[]::new));
    }

    private static OpenLoop.Destination destination(String name, int port, PromisedAnswers answers) {
        return new OpenLoop.Destination(name, port, answers.requests()::get);
    }

    /** Answers at once. */
    private static int router(Vertx vertx, List<String> promises) {
        return vertx.createHttpServer()
                .requestHandler(request -> answer(request, promises))
                .listen(BenchStack.INSTANT_PORT, "127.0.0.1")
                .map(HttpServer::actualPort)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static void answer(HttpServerRequest request, List<String> promises) {
        String number = request.getHeader(PromisedAnswers.NUMBER);
        if (number == null) {
            request.response()
                    .setStatusCode(request.uri().equals("/") ? 200 : 404)
                    .end();
            return;
        }
        request.response()
                .putHeader("openledger-promise", promises.get(Integer.parseInt(number)))
                .end("{\"id\":\"an answer\"}");
    }

    /** Answers whose promise the guard did not find genuine, by its own metrics. */
    private static int unproved(String metrics) throws IOException, InterruptedException {
        String shown;
        try (HttpClient client = HttpClient.newHttpClient()) {
            shown = client.send(HttpRequest.newBuilder(URI.create(metrics)).build(), BodyHandlers.ofString())
                    .body();
        }
        int count = 0;
        for (String line : shown.split("\n", -1)) {
            if (line.startsWith("openledger_guard_unproved_total") && !line.endsWith(" 0")) {
                System.out.println(line);
                count += Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return count;
    }

    private static void print(
            ObjectNode report,
            OpenLoop.Destination direct,
            OpenLoop.Destination hop,
            OpenLoop.Destination guarded,
            long processorMicros)
            throws IOException {
        double half = guarded.millis(50) - direct.millis(50);
        double most = guarded.millis(99) - direct.millis(99);
        System.out.printf(
                Locale.ROOT,
                "At %.0f requests/s: direct p50 %.3f p99 %.3f ms, nginx p50 %.3f p99 %.3f ms, guard p50 %.3f p99 %.3f ms%n"
                        + "  the guard adds p50 %.3f ms, p99 %.3f ms (target %.0f ms: %s), and takes %d microseconds of a processor%n",
                RATE,
                direct.millis(50),
                direct.millis(99),
                hop.millis(50),
                hop.millis(99),
                guarded.millis(50),
                guarded.millis(99),
                half,
                most,
                TARGET_MILLIS,
                BenchStack.verdict(half <= TARGET_MILLIS && most <= TARGET_MILLIS),
                processorMicros);
        report.put("direct_p50_ms", direct.millis(50))
                .put("direct_p99_ms", direct.millis(99))
                .put("nginx_p50_ms", hop.millis(50))
                .put("nginx_p99_ms", hop.millis(99))
                .put("added_p50_ms", half)
                .put("added_p99_ms", most)
                .put("target_ms", TARGET_MILLIS)
                .put("processor_us", processorMicros)
                .put("failed_requests", direct.failed() + hop.failed() + guarded.failed());
        BenchStack.write("guard", report);
    }
}
