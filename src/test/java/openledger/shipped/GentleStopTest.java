package openledger.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import openledger.access.KeyDigest;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalRegistry;
import openledger.demo.LocalStack;
import openledger.lab.world.CongestionParameters;
import openledger.lab.world.LogNormal;
import openledger.simulator.ProviderSpec;
import openledger.simulator.SimulatedFleet;
import openledger.simulator.SimulatedProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGTERM to a router as it is shipped, while answers of all kinds are on their way and others still ask: each that has begun arrives
 * whole. Runs once the jar is built, after all other tests.
 */
final class GentleStopTest {
    private static final Duration SERVICE = Duration.ofSeconds(4);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int OF_EACH = 4;
    private static final int NEWCOMERS = 4;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatIsUnderWayArrivesWholeAndNobodyElseIsTaken() throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"), 0);
                AnvilNode chain = AnvilNode.start(folder, Duration.ofMillis(250), AnvilNode.State.FORGOTTEN);
                SimulatedFleet fleet = fleet();
                // As clients are by default: they offer HTTP/2, where all of them would share a connection.
                HttpClient offering = HttpClient.newHttpClient();
                HttpClient plain = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService newcomers = Executors.newVirtualThreadPerTaskExecutor()) {
            int port = ChildProcess.freePort();
            Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, port));
            environment.putAll(LocalRegistry.settlement(chain));
            int measures = ChildProcess.freePort();
            environment.put("OPENLEDGER_TELEMETRY_SCRAPE_PORT", Integer.toString(measures));
            String router = "http://127.0.0.1:" + port;
            try (ChildProcess process = LocalStack.router("router", environment, config(fleet), folder)) {
                process.awaitReady(router + "/q/health/ready");
                List<CompletableFuture<HttpResponse<String>>> underWay = new ArrayList<>();
                for (HttpClient client : List.of(offering, plain)) {
                    underWay.addAll(askInAllWays(client, router, fleet));
                }
                // A resend that comes after the stop has begun is refused as any other request.
                await(() -> resends(plain, measures) == 2L * OF_EACH);
                List<String> taken = new ArrayList<>();
                CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> stop(process));
                for (int i = 0; i < NEWCOMERS; i++) {
                    newcomers.execute(() -> keepAsking(offering, router, stopped, taken));
                }

                for (CompletableFuture<HttpResponse<String>> answer : underWay) {
                    assertWhole(answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
                }
                assertThat(stopped.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .as(process.lastLines())
                        .isTrue();
                assertThat(taken).allSatisfy(GentleStopTest::assertWholeStream);
            }
        }
    }

    private static boolean stop(ChildProcess process) {
        process.close();
        return process.endedByItself();
    }

    /** Streams and plain answers, fast, confirmed, and such whose first client has left; returns once providers work for all. */
    private static List<CompletableFuture<HttpResponse<String>>> askInAllWays(
            HttpClient client, String router, SimulatedFleet fleet) throws InterruptedException {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        long before = calls(fleet);
        List<HttpRequest> keyed = new ArrayList<>();
        for (int i = 0; i < OF_EACH; i++) {
            String key = client.version() + "-" + i;
            answers.add(send(client, request(router, "fast", i % 2 == 0, Optional.empty())));
            answers.add(send(client, request(router, "confirmed", i % 2 == 0, Optional.empty())));
            keyed.add(request(router, "fast", i % 2 == 0, Optional.of(key)));
        }
        List<CompletableFuture<HttpResponse<String>>> leaving =
                keyed.stream().map(request -> send(client, request)).toList();
        await(() -> calls(fleet) >= before + 3 * OF_EACH);
        leaving.forEach(answer -> answer.cancel(true));
        keyed.forEach(request -> answers.add(send(client, request)));
        return answers;
    }

    private static void keepAsking(
            HttpClient client, String router, CompletableFuture<Boolean> stopped, List<String> taken) {
        HttpRequest request = request(router, "fast", true, Optional.empty());
        while (!stopped.isDone()) {
            try {
                HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    synchronized (taken) {
                        taken.add(answer.body());
                    }
                }
                Thread.sleep(20);
            } catch (IOException refused) {
                // Who comes now may find another router.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void assertWhole(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        if (answer.headers().firstValue("content-type").orElse("").startsWith("text/event-stream")) {
            assertWholeStream(answer.body());
        } else {
            assertThat(answer.body()).contains("\"chat.completion\"").endsWith("}");
        }
    }

    private static void assertWholeStream(String body) {
        assertThat(body)
                .contains("\"openledger\":{")
                .doesNotContain("stream_broken")
                .endsWith("data: [DONE]\n\n");
    }

    private static CompletableFuture<HttpResponse<String>> send(HttpClient client, HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    private static HttpRequest request(String router, String mode, boolean stream, Optional<String> key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(router + "/v1/chat/completions"))
                .timeout(LIMIT)
                .header("authorization", "Bearer " + LocalStack.KEY)
                .header("content-type", "application/json")
                .header("openledger-mode", mode)
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"assistant\",\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}"));
        key.ifPresent(known -> request.header("idempotency-key", known));
        return request.build();
    }

    /** Requests that were sent again and have found their first try. */
    private static long resends(HttpClient client, int port) {
        HttpRequest measures = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .timeout(LIMIT)
                .build();
        try {
            return client.send(measures, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("openledger_resends_total"))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static long calls(SimulatedFleet fleet) {
        return fleet.providers().stream().mapToLong(SimulatedProvider::calls).sum();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it did not come about").isLessThan(until);
            Thread.sleep(20);
        }
    }

    private static SimulatedFleet fleet() throws IOException {
        LogNormal service = new LogNormal(SERVICE.toMillis(), 0);
        ProviderSpec north =
                new ProviderSpec("north", 0, 1_000, Optional.of(service), 40, Optional.empty(), Optional.empty());
        return SimulatedFleet.start(List.of(north), CongestionParameters.REFERENCE, 1);
    }

    private Path config(SimulatedFleet fleet) throws IOException {
        return Files.writeString(folder.resolve("openledger.yaml"), """
                openledger:
                  tenants:
                    - { name: local, key-sha256: "%s" }
                  providers:
                    - { name: north, base-url: "%s" }
                  confirmed: { max-wait: 10s }
                  routes:
                    - name: assistant
                      modes: [fast, confirmed]
                      tiers:
                        - name: best
                          attempts: 2
                          targets: [ { provider: north, model: sim-large, slots: { min: 64, initial: 64 } } ]
                """.formatted(
                KeyDigest.of(LocalStack.KEY).hex(), fleet.provider("north").baseUrl()));
    }
}
