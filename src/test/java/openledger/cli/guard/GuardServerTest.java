package openledger.cli.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import openledger.commitment.leaf.RequestDigest;
import openledger.verifier.WatchedAnswer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy before routers of all kinds, over real connections. Long because a proxy can go wrong in many ways. */
final class GuardServerTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final long PATIENCE_SECONDS = 30;
    private static final int MOST_CONNECTIONS = 8;

    private final BlockingQueue<WatchedAnswer> watched = new LinkedBlockingQueue<>();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile Handler<HttpServerRequest> router =
            request -> request.response().end();
    private int upstream;
    private int port;

    @BeforeEach
    void start() {
        upstream = wait(vertx.createHttpServer()
                        .requestHandler(request -> router.handle(request))
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture())
                .actualPort();
        port = guard(URI.create("http://127.0.0.1:" + upstream + "/base/"));
    }

    private int guard(URI at) {
        GuardServer guard = new GuardServer(vertx, at, MOST_CONNECTIONS, new AddedLatency(), watched::add);
        return wait(guard.listen("127.0.0.1", 0).toCompletionStage().toCompletableFuture());
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        wait(vertx.close().toCompletionStage().toCompletableFuture());
    }

    private static <T> T wait(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS));
    }

    private Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bodiesPassUnchangedInBothFramingsAndAreHashed(boolean isChunked) throws Exception {
        byte[] body = new byte[3_000_000];
        new Random(7).nextBytes(body);
        CompletableFuture<Map<String, String>> came = new CompletableFuture<>();
        router = request -> {
            came.complete(Map.of(
                    "uri", request.uri(),
                    "length", String.valueOf(request.getHeader("content-length")),
                    "wish", String.valueOf(request.getHeader("openledger-receipt")),
                    "key", String.valueOf(request.getHeader("authorization"))));
            request.response()
                    .setStatusCode(201)
                    .putHeader("openledger-request", "a name")
                    .putHeader("openledger-promise", "none")
                    .putHeader("set-cookie", (Iterable<String>) List.of("a=1", "b=2"))
                    .setChunked(true);
            request.pipeTo(request.response());
        };

        HttpResponse<byte[]> answer = client.send(
                to(CHAT + "?a=b%20c")
                        .header("authorization", "Bearer a key")
                        .header("openledger-nonce", "n")
                        .POST(
                                isChunked
                                        ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
                                        : BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
        assertThat(wait(came))
                .containsEntry("uri", "/base" + CHAT + "?a=b%20c")
                .containsEntry("length", isChunked ? "null" : "3000000")
                .containsEntry("wish", "signed")
                .containsEntry("key", "Bearer a key");
        WatchedAnswer seen = next();
        assertThat(seen.digest().orElseThrow()).isEqualTo(RequestDigest.of(body, "n"));
        assertThat(seen.receipts()).hasToString("http://127.0.0.1:" + upstream + "/base/v1/receipts/");
        assertThat(seen.credentials()).isEqualTo(Map.of("authorization", "Bearer a key"));
        assertThat(seen.headers().promise()).contains("none");
        assertThat(seen.headers().request()).contains("a name");
        assertThat(seen.toString()).doesNotContain("a key");
    }

    private WatchedAnswer next() throws InterruptedException {
        return Optional.ofNullable(watched.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .orElseThrow();
    }

    @Test
    void whatIsNoInferencePassesAsItIs() throws Exception {
        router = request -> {
            HttpServerResponse response =
                    request.response().putHeader("x-wish", "" + request.getHeader("openledger-receipt"));
            switch (request.uri()) {
                case "/base/none" -> response.setStatusCode(204).end();
                case "/base/same" -> response.setStatusCode(304).end();
                case "/base/head" ->
                    response.putHeader("content-length", "1234").end();
                default ->
                    response.setStatusCode(418).setStatusMessage("Teapot").end("tea");
            }
        };

        assertThat(client.send(to("/none").build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(204);
        assertThat(client.send(to("/same").build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(304);
        HttpResponse<String> head = client.send(to("/head").HEAD().build(), BodyHandlers.ofString());
        assertThat(head.headers().firstValue("content-length")).contains("1234");
        HttpResponse<String> models = client.send(to("/v1/models").build(), BodyHandlers.ofString());
        assertThat(models.statusCode()).isEqualTo(418);
        assertThat(models.body()).isEqualTo("tea");
        assertThat(models.headers().firstValue("x-wish")).contains("null");
        assertThat(watched).isEmpty();
    }

    @Test
    void headersOfTheConnectionStayOnTheConnection() throws Exception {
        CompletableFuture<String> came = new CompletableFuture<>();
        router = request -> {
            came.complete(request.headers().names().toString());
            request.response()
                    .putHeader("connection", "x-secret")
                    .putHeader("x-secret", "1")
                    .putHeader("proxy-authenticate", "Basic")
                    .putHeader("x-kept", "1")
                    .end();
        };
        try (Socket socket = socket()) {
            write(
                    socket,
                    "GET /x HTTP/1.1\r\nhost: guard\r\nconnection: close\r\nconnection: X-Mine\r\nx-mine: 1\r\nte: trailers\r\n"
                            + "proxy-authorization: Basic a\r\nupgrade: h2c\r\nx-passed: 1\r\n\r\n");
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(answer).contains("x-kept").doesNotContain("x-secret", "proxy-authenticate");
        }
        assertThat(wait(came)).contains("x-passed").doesNotContain("x-mine", "proxy-auth", "upgrade", "te,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://elsewhere.example/ HTTP/1.1\r\nhost: elsewhere.example\r\n\r\n",
                "GET * HTTP/1.1\r\nhost: a\r\n\r\n",
                "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
                "nonsense\r\n\r\n"
            })
    void whatIsForNobodyHereIsRefused(String head) throws IOException {
        router = request -> request.response().end("reached");
        try (Socket socket = socket()) {
            write(socket, head);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .containsPattern("^HTTP/1.[01] 400")
                    .doesNotContain("reached");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"transfer-encoding: gzip, chunked", "transfer-encoding: gzip\r\ntransfer-encoding: chunked"})
    void aCodingThatNobodyUndoesIsRefused(String coding) throws IOException {
        router = request -> request.response().end("reached");
        try (Socket socket = socket()) {
            write(socket, "POST " + CHAT + " HTTP/1.1\r\nhost: a\r\n" + coding + "\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 501")
                    .doesNotContain("reached");
        }
    }

    @Test
    void eventsPassOneByOne() throws Exception {
        CompletableFuture<Void> read = new CompletableFuture<>();
        router = request -> {
            HttpServerResponse response = request.response()
                    .putHeader("content-type", "text/event-stream")
                    .setChunked(true);
            response.write("data: one\n\n");
            var _ = read.thenRun(() -> response.end("data: two\n\n"));
        };

        HttpResponse<InputStream> answer =
                client.send(to(CHAT).POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("data: one");
            // The head has come, so the promise is looked at already.
            assertThat(next().status()).isEqualTo(200);
            read.complete(null);
            lines.readLine();
            assertThat(lines.readLine()).isEqualTo("data: two");
        }
    }

    @Test
    void aClientThatLeavesTakesTheCallAlong() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        router = request -> {
            HttpServerResponse response = request.response().setChunked(true);
            response.closeHandler(closed -> gone.complete(null));
            response.write("data: one\n\n");
        };
        try (Socket socket = socket()) {
            write(socket, "POST " + CHAT + " HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}");
            assertThat(socket.getInputStream().read()).isPositive();
        }

        wait(gone);
    }

    @Test
    void aClientThatLeavesBeforeItHasSentItsBodyTakesTheCallAlong() throws Exception {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        router = request -> {
            request.connection().closeHandler(closed -> gone.complete(null));
            request.handler(piece -> reached.complete(null));
        };
        try (Socket socket = socket()) {
            write(socket, "POST " + CHAT + " HTTP/1.1\r\nhost: a\r\ncontent-length: 20\r\n\r\n{}");
            wait(reached);
        }

        wait(gone);
        assertThat(watched).isEmpty();
    }

    /** A router that streams for ever to somebody who does not read is held back, so the guard has no more than buffers. */
    @Test
    void whoDoesNotReadHoldsTheRouterBack() throws Exception {
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        Buffer piece = Buffer.buffer(new byte[1 << 16]);
        router = request -> {
            HttpServerResponse response = request.response().setChunked(true);
            response.closeHandler(closed -> gone.complete(null));
            Runnable[] more = new Runnable[1];
            more[0] = () -> {
                while (!response.writeQueueFull() && sent.addAndGet(piece.length()) < 1L << 30) {
                    response.write(piece);
                }
            };
            response.drainHandler(room -> more[0].run());
            more[0].run();
        };
        try (Socket socket = socket()) {
            write(socket, "POST " + CHAT + " HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}");
            assertThat(socket.getInputStream().read()).isPositive();
            long before = -1;
            while (sent.get() != before) {
                before = sent.get();
                Thread.sleep(500);
            }
            assertThat(sent.get()).isLessThan(64L << 20);
        }
        wait(gone);
    }

    @Test
    void aRouterThatIsAwayIsExplained() throws Exception {
        port = guard(URI.create("http://127.0.0.1:1/secret-path"));

        HttpResponse<String> answer =
                client.send(to(CHAT).POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.body()).contains("http://127.0.0.1:1", "--router").doesNotContain("secret-path");
        assertThat(watched).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void halfAnAnswerNeverLooksWhole(boolean isChunked) {
        router = request -> {
            HttpServerResponse response = request.response();
            if (isChunked) {
                response.setChunked(true);
            } else {
                response.putHeader("content-length", "100");
            }
            response.write("half").onComplete(written -> request.connection().close());
        };

        assertThatThrownBy(() ->
                        client.send(to(CHAT).POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    /** A body that nobody has read to its end has no digest, so its promise is about nothing. */
    @Test
    void anAnswerBeforeTheBodyWasSentIsNotChecked() throws Exception {
        router = request ->
                request.response().putHeader("openledger-promise", "none").end("early");
        try (Socket socket = socket()) {
            write(socket, "POST " + CHAT + " HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n{}");
            byte[] head = socket.getInputStream().readNBytes(15);
            assertThat(new String(head, StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 200 OK");
        }

        assertThat(next().digest()).isEmpty();
    }

    @Test
    void connectionsAreBounded() throws IOException {
        List<Socket> open = new java.util.ArrayList<>();
        try {
            for (int i = 0; i < MOST_CONNECTIONS; i++) {
                open.add(socket());
            }
            try (Socket late = socket()) {
                assertThat(late.getInputStream().read()).isEqualTo(-1);
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }
}
