package openledger.cli.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.http.ChainUnderTest;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.verifier.PromiseWatch;
import openledger.verifier.PromiseWatch.Look;
import org.junit.jupiter.api.Test;

/** A guard before a real router that settles on a real chain: each answer is proved. */
@QuarkusTest
@QuarkusTestResource(
        value = RouterUnderTest.class,
        initArgs = {@ResourceArg(name = "openledger.routes[0].modes", value = "fast,confirmed")},
        restrictToAnnotatedClass = true)
@QuarkusTestResource(value = ChainUnderTest.class, restrictToAnnotatedClass = true)
final class GuardedRouterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void eachAnswerOfAnHonestRouterIsProved() throws Exception {
        RouterUnderTest.reset();
        Vertx vertx = Vertx.vertx();
        try {
            GuardRun guard = GuardRun.start(
                    vertx,
                    new GuardRun.Settings(
                            URI.create("http://" + router.getAuthority()), "127.0.0.1", 0, 0, 100, Optional.empty()),
                    PromiseWatch.Settings.of(ChainUnderTest.chain().rpc(), Pins.ofLane(ChainUnderTest.LANE)),
                    log::add);
            String confirmed = "{\"openledger\":{\"mode\":\"confirmed\",\"gate\":\"response\",\"max_wait_ms\":9000},";
            ChatApi.await(() ->
                    ChatApi.chat(confirmed + ChatApi.body("assistant", false).substring(1))
                                    .statusCode()
                            == 200);

            HttpResponse<String> plain = chat(guard, RouterUnderTest.KEY, ChatApi.body("assistant", false));
            HttpResponse<String> stream = chat(guard, RouterUnderTest.KEY, ChatApi.body("assistant", true));
            HttpResponse<String> planned = chat(
                    guard,
                    RouterUnderTest.KEY,
                    confirmed + ChatApi.body("assistant", false).substring(1));
            HttpResponse<String> stranger = chat(guard, "sk-nobody", ChatApi.body("assistant", false));

            assertThat(List.of(plain.statusCode(), stream.statusCode(), planned.statusCode(), stranger.statusCode()))
                    .containsExactly(200, 200, 200, 401);
            assertThat(stream.body()).endsWith("data: [DONE]\n\n");
            ChatApi.await(() -> {
                guard.watch().prove(Look.ALL);
                return guard.watch().counts().pending() == 0;
            });
            assertThat(guard.watch().counts().proved()).isEqualTo(3);
            assertThat(guard.watch().counts().checked()).isEqualTo(4);
            assertThat(guard.stop()).as("%s", log).isZero();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private HttpResponse<String> chat(GuardRun guard, String key, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + guard.port() + "/v1/chat/completions"))
                        .timeout(PATIENCE)
                        .header("authorization", "Bearer " + key)
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
