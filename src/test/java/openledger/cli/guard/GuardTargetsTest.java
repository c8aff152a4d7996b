package openledger.cli.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import openledger.commitment.leaf.RequestDigest;
import openledger.verifier.WatchedAnswer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that were written to lead the proxy astray, over real connections. */
final class GuardTargetsTest {
    private static final long PATIENCE_SECONDS = 30;

    private final BlockingQueue<WatchedAnswer> watched = new LinkedBlockingQueue<>();
    private final List<String> came = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx();
    private volatile Handler<HttpServerRequest> router = GuardTargetsTest::answer;
    private int upstream;
    private int port;

    @BeforeEach
    void start() {
        upstream = wait(vertx.createHttpServer()
                        .requestHandler(request -> {
                            came.add(request.uri() + " " + request.getHeader("openledger-receipt"));
                            router.handle(request);
                        })
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture())
                .actualPort();
        URI at = URI.create("http://127.0.0.1:" + upstream + "/ba%20se");
        GuardServer guard = new GuardServer(vertx, at, 8, new AddedLatency(), watched::add);
        port = wait(guard.listen("127.0.0.1", 0).toCompletionStage().toCompletableFuture());
    }

    private static void answer(HttpServerRequest request) {
        request.body()
                .onComplete(body -> request.response()
                        .putHeader("openledger-request", "a name")
                        .putHeader("openledger-promise", "none")
                        .end("reached"));
    }

    @AfterEach
    void stop() {
        wait(vertx.close().toCompletionStage().toCompletableFuture());
    }

    private static <T> T wait(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** The whole answer to a request of which the guard's connection is closed afterwards. */
    private String send(String target, String headers, int length, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            String head = "POST " + target + " HTTP/1.1\r\nhost: guard\r\nauthorization: Bearer a key\r\n" + headers
                    + "content-length: " + length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private String send(String target) throws IOException {
        return send(target, "connection: close\r\n", 2, "{}".getBytes(StandardCharsets.US_ASCII));
    }

    private WatchedAnswer next() throws InterruptedException {
        return Optional.ofNullable(watched.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//127.0.0.1:1/../v1/chat/completions",
                "//127.0.0.1:1/v1/chat/completions",
                "/../v1/chat/completions",
                "/v1/chat/completions/..",
                "/x/%2e%2E/v1/chat/completions",
                "/v1/./models",
                "/v1/models#x",
                "/a|b/v1/chat/completions",
                "/%zz/v1/chat/completions",
                "v1/chat/completions",
                "*",
                "http://elsewhere.example/v1/chat/completions"
            })
    void aTargetThatIsNoPlainPathIsRefused(String target) throws IOException {
        assertThat(send(target))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .doesNotContain("reached");
        assertThat(came).isEmpty();
        assertThat(watched).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions?a=//elsewhere/..",
                "/v1//chat/completions",
                "/v1/chat/completions/",
                "/v1/%63hat/completions",
                "/v1/messages/count_tokens"
            })
    void anInferenceIsMarkedAndWatchedHoweverItIsSpelled(String target) throws Exception {
        assertThat(send(target)).startsWith("HTTP/1.1 200").endsWith("reached");

        assertThat(came).containsExactly("/ba%20se" + target + " signed");
        assertThat(next().receipts()).hasToString("http://127.0.0.1:" + upstream + "/ba%20se/v1/receipts/");
    }

    @Test
    void anAnswerOfAnInferenceThatNobodyKnewIsCounted() throws Exception {
        send("/v1/new-operation");

        WatchedAnswer unasked = next();
        assertThat(unasked.headers().promise()).isEmpty();
        assertThat(unasked.headers().request()).contains("a name");
        assertThat(unasked.credentials()).isEmpty();
    }

    @Test
    void equalBodiesGetNoncesOfTheirOwn() throws Exception {
        Set<String> nonces = new HashSet<>();
        router = request -> {
            nonces.add("" + request.getHeader("openledger-nonce"));
            answer(request);
        };
        for (int i = 0; i < 2; i++) {
            send("/v1/chat/completions");
            byte[] digest = next().digest().orElseThrow();
            assertThat(nonces).hasSize(i + 1).allMatch(RequestDigest::isNonce);
            assertThat(nonces)
                    .anyMatch(nonce ->
                            Arrays.equals(digest, RequestDigest.of("{}".getBytes(StandardCharsets.US_ASCII), nonce)));
        }
        send("/v1/models");
        assertThat(nonces).hasSize(3).contains("null");
    }

    /** Whoever sends and does not read meanwhile gets to read the answer all the same. */
    @Test
    void anAnswerThatComesEarlyIsReadAfterTheWholeBodyWasSent() throws Exception {
        router = request -> request.response().setStatusCode(413).end("too large");

        String answer = send("/v1/chat/completions", "", 64 << 20, new byte[64 << 20]);

        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .containsIgnoringCase("connection: close")
                .endsWith("too large");
    }

    /** One that never sends the rest is not waited for. */
    @Test
    void theRestOfABodyIsNotWaitedForForEver() throws Exception {
        router = request -> request.response().setStatusCode(413).end("too large");

        assertThat(send("/v1/chat/completions", "", 1_000, new byte[2])).startsWith("HTTP/1.1 413");
    }

    @Test
    void whatIsNoAnswerYetIsNone() throws Exception {
        router = request -> request.response().setStatusCode(102).end();

        assertThat(send("/v1/chat/completions")).startsWith("HTTP/1.1 502");
        assertThat(watched).isEmpty();
    }

    /** {@code Connection} names what is of the connection; a length and a nonce never are. */
    @Test
    void aBodyIsNotLostByAHeaderThatNamesItsLength() throws Exception {
        router = request -> request.body()
                .onComplete(body -> request.response()
                        .putHeader("connection", "content-length")
                        .end("a " + request.getHeader("openledger-nonce") + " of " + body.result()));

        String answer = send(
                "/v1/chat/completions",
                "openledger-nonce: nonce\r\nconnection: Content-Length, openledger-nonce\r\nconnection: close\r\n",
                2,
                "{}".getBytes(StandardCharsets.US_ASCII));

        assertThat(answer).startsWith("HTTP/1.1 200").endsWith("a nonce of {}");
        assertThat(next().digest().orElseThrow())
                .isEqualTo(RequestDigest.of("{}".getBytes(StandardCharsets.US_ASCII), "nonce"));
    }

    /** Its connection is closed, so nobody would get the answer. */
    @Test
    void whatWasSentBehindARefusedRequestIsNotPassedOn() throws Exception {
        String behind = "POST /v1/chat/completions HTTP/1.1\r\nhost: guard\r\ncontent-length: 2\r\n\r\n{}";

        String answer = send("//elsewhere", "", 2, ("{}" + behind).getBytes(StandardCharsets.US_ASCII));

        assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("reached");
        assertThat(watched.poll(1, TimeUnit.SECONDS)).isNull();
        assertThat(came).isEmpty();
    }
}
