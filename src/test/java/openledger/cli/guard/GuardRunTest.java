package openledger.cli.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.support.RecordedChain;
import openledger.unit.LaneId;
import openledger.verifier.PromiseWatch;
import openledger.verifier.PromiseWatch.Look;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole guard, before a router that plays what a real one did. */
final class GuardRunTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder = Path.of("");

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final RecordedChain chain;
    private final Instant now;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer router;
    private volatile Optional<String> promise = Optional.empty();
    private @Nullable GuardRun started;

    GuardRunTest() throws IOException {
        chain = new RecordedChain();
        now = Instant.ofEpochSecond(chain.signedAt() + 1);
        router = vertx.createHttpServer()
                .requestHandler(request -> {
                    promise.ifPresent(value -> request.response().putHeader("openledger-promise", value));
                    boolean isReceipt = request.uri().startsWith("/v1/receipts/");
                    boolean isOurs = "Bearer a key".equals(request.getHeader("authorization"));
                    request.response()
                            .setStatusCode(isOurs ? 200 : 401)
                            .end(isReceipt ? chain.genuine("signed") : "{}");
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @BeforeEach
    void start() throws IOException, InterruptedException {
        started = start(0);
    }

    @AfterEach
    void stop() {
        chain.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private GuardRun run() {
        return Objects.requireNonNull(started, "the guard has not been started");
    }

    private GuardRun start(int port) throws IOException, InterruptedException {
        return GuardRun.start(
                vertx,
                new GuardRun.Settings(
                        URI.create("http://127.0.0.1:" + router.actualPort()),
                        "127.0.0.1",
                        port,
                        0,
                        100,
                        Optional.of(folder.resolve("state.jsonl"))),
                PromiseWatch.Settings.of(chain.rpc(), Pins.ofLane(new LaneId(chain.lane()))),
                () -> now,
                log::add);
    }

    private void chat() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + run().port() + "/v1/chat/completions"))
                .timeout(PATIENCE)
                .header("authorization", "Bearer a key")
                // The request that was recorded had none.
                .header("openledger-nonce", "")
                .POST(BodyPublishers.ofString(chain.promise().get("body").asText()))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("{}");
    }

    private String report(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + run().reportsPort() + path))
                        .timeout(PATIENCE)
                        .build(),
                BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    @Test
    void anHonestRouterLeavesNothingUnproved() throws IOException, InterruptedException {
        promise = Optional.of(chain.signedHeader());
        chat();
        chat();
        while (run().watch().counts().proved() == 0) {
            run().watch().prove(Look.ALL);
        }

        assertThat(report("/metrics"))
                .contains(
                        "openledger_guard_checked_total 2\n",
                        "openledger_guard_unproved_total{reason=\"no_promise\"} 0\n",
                        "openledger_guard_added_seconds_bucket{le=\"0.001\"} ",
                        "openledger_guard_added_seconds_count 2\n")
                .doesNotContain("a key");
        assertThat(report("/unproved")).isEqualTo("200 []");
        assertThat(report("/")).startsWith("404 ");
        assertThat(run().stop()).as("%s", log).isZero();
        assertThat(log).singleElement().asString().startsWith("Answers checked: 2, proved: ");
    }

    @Test
    void whatIsUnprovedIsCountedListedAndWritten() throws IOException, InterruptedException {
        chat();
        promise = Optional.of("none");
        chat();
        promise = Optional.of(chain.signedHeader().replaceFirst("signed_at=1", "signed_at=2"));
        chat();

        assertThat(run().stop()).isOne();

        String metrics = report("/metrics");
        for (String reason : List.of("no_promise", "not_signed", "wrong_promise")) {
            assertThat(metrics).contains("openledger_guard_unproved_total{reason=\"" + reason + "\"} 1\n");
        }
        JsonNode list = new ObjectMapper().readTree(report("/unproved").substring(4));
        assertThat(list.size()).isEqualTo(3);
        assertThat(list.get(0).get("reason").asText()).isEqualTo("no_promise");
        String file = Files.readString(folder.resolve("state.jsonl"));
        assertThat(file.lines().count()).isEqualTo(3);
        assertThat(file + log + list).doesNotContain("a key");
        assertThat(log).anyMatch(line -> line.startsWith("unproved: no_promise"));
    }

    @Test
    void whatWaitsAtTheEndIsLeftUnproved() throws IOException, InterruptedException {
        promise = Optional.of(chain.signedHeader());
        chain.always = "no JSON";
        chat();

        assertThat(run().stop()).isOne();

        assertThat(log.getLast()).contains("checked: 1, proved: 0, unproved: 1, of these left at the end: 1");
    }

    @Test
    void aPortThatIsTakenIsExplained() {
        assertThatThrownBy(() -> start(router.actualPort()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("port " + router.actualPort() + " cannot be listened at");
    }
}
