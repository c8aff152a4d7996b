package openledger.provider;

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
import java.util.concurrent.atomic.AtomicInteger;
import openledger.budget.AttemptLedger;
import openledger.inference.TurnedClock;
import openledger.inference.admission.Permit;
import openledger.inference.admission.RequestBody;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.MadeNames;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.target.CircuitSettings;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Provider;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;

/** A provider that answers with whatever octets a test likes, and a gateway that calls it. */
final class RawProvider implements AutoCloseable {
    static final String GOOD =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{\"choices\":[\"good\"]}";
    static final String GOOD_TEXT = "{\"choices\":[\"good\"]}";
    /** Behind an answer: the connection is closed at once. */
    static final String CLOSE = "<close>";

    private static final String BODY = "{\"model\":\"m0\"}";

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final Route route = TestRoutes.of(8);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final ServerSocket server;
    private final HttpProviderGateway gateway;

    /** What is answered. */
    @FunctionalInterface
    interface Answers {
        /** To a request on a connection, both counted from 1; after one without a whole head the connection is closed, and after none it is reset. */
        Optional<String> to(int connection, int request);
    }

    RawProvider(Answers answers) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        URI address = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
        List<Provider> providers = List.of("p0", "p1", "p2").stream()
                .map(name ->
                        new Provider(name, Dialect.OPENAI, Dialect.OPENAI.operations(), address, TestRoutes.TIMEOUTS))
                .toList();
        gateway = new HttpProviderGateway(
                vertx,
                new CircuitSettings(100, 0.5, Duration.ofSeconds(1), Duration.ofMinutes(1)),
                new TurnedClock(),
                MadeNames.UNHEARD);
        gateway.learn(new Policy(providers, Map.of(route.name(), route)), Map.of(), Map.of());
        Thread.ofVirtual().start(() -> serve(answers));
    }

    private void serve(Answers answers) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                int connection = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(answers, client, connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Answers answers, Socket client, int connection) {
        try (client) {
            for (int request = 1; readRequest(client.getInputStream()); request++) {
                requests.incrementAndGet();
                Optional<String> answer = answers.to(connection, request);
                if (answer.isEmpty()) {
                    client.setSoLinger(true, 0);
                    return;
                }
                client.getOutputStream().write(answer.get().replace(CLOSE, "").getBytes(StandardCharsets.ISO_8859_1));
                client.getOutputStream().flush();
                if (!answer.get().contains("\r\n\r\n") || answer.get().endsWith(CLOSE)) {
                    return;
                }
            }
        } catch (IOException gone) {
            // The router gave the connection up, which is its right.
        }
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
        return in.readNBytes(BODY.length()).length > 0;
    }

    /** Requests that have come. */
    int requests() {
        return requests.get();
    }

    /** Connections that have been made. */
    int connections() {
        return connections.get();
    }

    /** The answer's text, or how the call failed. */
    String call() throws Exception {
        return call(AnswerForm.PLAIN, Duration.ofMillis(1));
    }

    /** The same of an answer in that form, which is read so long after it has begun. */
    String call(AnswerForm form, Duration pause) throws Exception {
        RequestBody body = RequestBody.of(BODY.getBytes(StandardCharsets.UTF_8), 8);
        UpstreamRequest request = new UpstreamRequest(
                Operation.CHAT,
                body,
                form,
                Map.of(),
                "request",
                gateway.viewOf(route),
                Optional.empty(),
                "tenant",
                Permit.UNCOUNTED);
        CompletableFuture<String> text = new CompletableFuture<>();
        loop.runOnContext(go -> gateway.call(
                        new AttemptLedger(route).take().orElseThrow(),
                        route.tiers().getFirst().targets().getFirst(),
                        request)
                .subscribe()
                .with(
                        result -> vertx.setTimer(pause.toMillis(), due -> hear(result, text)),
                        text::completeExceptionally));
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
            text.complete(all + "broken " + why);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        gateway.close();
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }
}
