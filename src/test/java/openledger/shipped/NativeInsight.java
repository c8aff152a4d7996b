package openledger.shipped;

import static openledger.shipped.NativeRouter.await;
import static openledger.shipped.NativeRouter.require;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import openledger.demo.LocalStack;
import openledger.support.CheckFailed;
import openledger.telemetry.OtlpReceiver;

/** What the native executable lets be seen: measures, fairness, and the commands that do its decisions again. */
final class NativeInsight implements AutoCloseable {
    private static final Map<String, String> KEY = Map.of("KEY", LocalStack.KEY);
    private static final String TRACED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final NativeCommand openledger;
    private final NativeRouter router;
    private final OtlpReceiver collector = new OtlpReceiver();

    NativeInsight(NativeCommand openledger, NativeRouter router) {
        this.openledger = openledger;
        this.router = router;
    }

    /** Starts the collector; what a router's environment says of it. */
    Map<String, String> start() {
        return collector.start().entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"),
                        Map.Entry::getValue));
    }

    void fairness() throws IOException, InterruptedException, CheckFailed {
        await(() -> {
            HttpResponse<String> answer = router.get("/v1/fairness", LocalStack.KEY);
            return answer.statusCode() == 200
                    && JSON.readTree(answer.body()).path("series").size() > 0;
        });
    }

    void scrape() throws IOException, InterruptedException, CheckFailed {
        HttpResponse<String> scraped = router.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + OtlpReceiver.scrapePort() + "/metrics")));
        require(scraped.statusCode() == 200 && scraped.body().contains("openledger_requests_total"), scraped);
    }

    void push() throws IOException, InterruptedException, CheckFailed {
        router.send(router.chat(LocalStack.KEY, false).header("traceparent", TRACED));
        await(() -> OtlpReceiver.metrics().containsKey("openledger.requests")
                && !OtlpReceiver.spans().isEmpty());
    }

    void audit() throws IOException, InterruptedException, CheckFailed {
        String said = openledger.run(KEY, "audit", router.address().toString(), "--key-env", "KEY");
        require(said.contains("No difference."), said);
    }

    void whatIf() throws IOException, InterruptedException, CheckFailed {
        Instant now = Instant.now();
        String said = openledger.run(
                KEY,
                "what-if",
                router.address().toString(),
                "--key-env",
                "KEY",
                "--budget",
                "7",
                "--from",
                now.minus(Duration.ofMinutes(5)).toString(),
                "--to",
                now.toString(),
                "--json");
        require(JSON.readTree(said).isObject(), said);
    }

    void lab() throws IOException, InterruptedException, CheckFailed {
        Path out = openledger.folder().resolve("lab");
        openledger.run(Map.of(), "lab", "--experiment", "sequencing", "--seeds", "2", "--out", out.toString());
        require(Files.size(out.resolve("report.html")) > 0, "no report");
        require(JSON.readTree(Files.readString(out.resolve("report.json"))).has("sequencing"), "no figures");
    }

    @Override
    public void close() {
        collector.stop();
    }
}
