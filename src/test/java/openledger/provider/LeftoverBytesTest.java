package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import openledger.budget.AttemptLedger;
import openledger.http.RouterUnderTest;
import openledger.inference.AnswerForm;
import openledger.inference.CallResult;
import openledger.inference.Place;
import openledger.inference.RequestBody;
import openledger.inference.TurnedClock;
import openledger.inference.UpstreamAnswer;
import openledger.inference.UpstreamRequest;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Provider;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider that sends bytes where none may be: they are never taken for the answer of another request. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class LeftoverBytesTest {
    private static final String GOOD =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{\"choices\":[\"good\"]}";
    private static final String FORGED =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 22\r\n\r\n{\"choices\":[\"forged\"]}";

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final Route route = TestRoutes.of(8);
    private ServerSocket server;
    private HttpProviderGateway gateway;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        URI address = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
        List<Provider> providers = List.of("p0", "p1", "p2").stream()
                .map(name ->
                        new Provider(name, Dialect.OPENAI, Dialect.OPENAI.operations(), address, TestRoutes.TIMEOUTS))
                .toList();
        gateway = new HttpProviderGateway(
                vertx, new CircuitSettings(100, 0.5, Duration.ofSeconds(1), Duration.ofMinutes(1)), new TurnedClock());
        gateway.learn(new Policy(providers, Map.of(route.name(), route)), Map.of(), Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 204 No Content\r\ncontent-length: 97\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
                "HTTP/1.1 199 What\r\n\r\n",
            })
    void afterAHeadWithoutBody(String head) throws Exception {
        serve(head + FORGED);

        assertThat(call()).startsWith("failed");
        assertThat(call()).isEqualTo("{\"choices\":[\"good\"]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"H", "HTTP/1.1 200", "garbage", "\r\nx", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"})
    void afterAWholeAnswer(String surplus) throws Exception {
        serve(GOOD + surplus);

        assertThat(call()).isEqualTo("{\"choices\":[\"good\"]}");
        assertThat(call()).isEqualTo("{\"choices\":[\"good\"]}");
    }

    /** The first request of all is answered with {@code first}, every other one well. */
    private void serve(String first) {
        AtomicBoolean answered = new AtomicBoolean();
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    Thread.ofVirtual().start(() -> {
                        try (client) {
                            while (readRequest(client.getInputStream())) {
                                String answer = answered.getAndSet(true) ? GOOD : first;
                                client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                                client.getOutputStream().flush();
                            }
                        } catch (IOException gone) {
                            // The router gave the connection up, which is its right.
                        }
                    });
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private static boolean readRequest(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            head.append((char) next);
        }
        return in.readNBytes("{\"model\":\"m0\"}".length()).length > 0;
    }

    /** The answer's text, or how the call failed. */
    private String call() throws Exception {
        RequestBody body = RequestBody.of("{\"model\":\"m0\"}".getBytes(StandardCharsets.UTF_8), 8);
        UpstreamRequest request = new UpstreamRequest(
                Operation.CHAT,
                body,
                AnswerForm.PLAIN,
                Map.of(),
                "request",
                gateway.viewOf(route),
                Optional.empty(),
                "tenant",
                Place.UNCOUNTED);
        CompletableFuture<String> text = new CompletableFuture<>();
        loop.runOnContext(go -> gateway.call(
                        new AttemptLedger(route).take().orElseThrow(),
                        route.tiers().getFirst().targets().getFirst(),
                        request)
                .subscribe()
                .with(result -> hear(result, text), text::completeExceptionally));
        return text.get(10, TimeUnit.SECONDS);
    }

    private static void hear(CallResult result, CompletableFuture<String> text) {
        if (result instanceof CallResult.Answered answered) {
            answered.answer().drainTo(new Reading(text));
        } else {
            text.complete("failed " + result);
        }
    }

    /** Reads an answer to its end. */
    private static final class Reading implements UpstreamAnswer.Sink {
        private final Buffer all = Buffer.buffer();
        private final CompletableFuture<String> text;

        Reading(CompletableFuture<String> text) {
            this.text = text;
        }

        @Override
        public void chunk(Buffer bytes) {
            all.appendBuffer(bytes);
        }

        @Override
        public void end() {
            text.complete(all.toString());
        }

        @Override
        public void broken(Trigger why) {
            text.complete("broken " + why);
        }
    }
}
