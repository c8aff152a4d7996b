package openledger.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import openledger.cluster.ClusterMember;
import openledger.cluster.ClusterSettings;
import openledger.cluster.HopFields;
import openledger.cluster.HopOutcome;
import openledger.cluster.HopSeal;
import openledger.cluster.Peers;
import openledger.unit.LaneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a hop, whatever the other end does. Long because all its ends are here. */
final class HttpPeersTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String PATH = "/v1/chat/completions";
    private final Vertx vertx = Vertx.vertx();
    private final HopSeal seal = new HopSeal("0".repeat(32).getBytes(StandardCharsets.US_ASCII), "test");
    private final HttpPeers peers = new HttpPeers(
            vertx, new ClusterSettings("test", "127.0.0.1", 1, seal, Optional.empty()), new SecureRandom());
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final AtomicInteger asked = new AtomicInteger();
    private Consumer<HttpServerRequest> owner = request -> {};
    private int port;

    @BeforeEach
    void listen() {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    asked.incrementAndGet();
                    request.body().onSuccess(body -> owner.accept(request));
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        port = server.actualPort();
    }

    @AfterEach
    void close() {
        peers.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void anAnswerComesAsItIsHintsAndTrailersToo() throws InterruptedException {
        owner = request -> {
            assertThat(request.getHeader("host")).isNotEqualTo("client");
            assertThat(request.getHeader("x-api-key")).isEqualTo("sk");
            request.response()
                    .writeEarlyHints(
                            io.vertx.core.MultiMap.caseInsensitiveMultiMap().add("openledger-receipt", "r"));
            HttpServerResponse response = proved(request, 206).setChunked(true);
            response.headers().add("set-cookie", "a").add("set-cookie", "b");
            response.write("one");
            response.putTrailer("t", "last");
            response.end("two");
        };
        send(LONG);
        assertThat(next()).isEqualTo("hint openledger-receipt=r");
        assertThat(next()).startsWith("head 206 ").contains("set-cookie=a").contains("set-cookie=b");
        StringBuilder body = new StringBuilder();
        for (String what = next(); ; what = next()) {
            if (what.startsWith("end")) {
                assertThat(what).contains("t=last");
                break;
            }
            body.append(what, "chunk ".length(), what.length());
        }
        assertThat(body.toString()).isEqualTo("onetwo");
        assertThat(peers.inFlight()).isZero();
    }

    @Test
    void anAnswerThatBreaksOffNeverEnds() throws InterruptedException {
        for (boolean chunked : new boolean[] {true, false}) {
            owner = request -> {
                HttpServerResponse response = proved(request, 200);
                if (chunked) {
                    response.setChunked(true);
                } else {
                    response.putHeader("content-length", "100");
                }
                response.write("part").onComplete(sent -> request.connection().close());
            };
            send(LONG);
            assertThat(next()).startsWith("head 200");
            assertThat(next()).isEqualTo("chunk part");
            assertThat(next()).isEqualTo("failed LOST");
        }
        assertThat(told).isEmpty();
    }

    @Test
    void whoHasNotProvedToBeTheOwnerIsNotRelayed() throws InterruptedException {
        List<Consumer<HttpServerRequest>> strangers = List.of(
                request -> request.response().end("secret"),
                request -> request.response()
                        .putHeader(HopFields.ANSWER_PROOF, "0".repeat(64))
                        .end("secret"),
                request -> request.response().setStatusCode(421).end(),
                request -> request.response()
                        .putHeader(HopFields.ANSWER_PROOF, fields(request).proof())
                        .end("secret"),
                request -> {
                    HttpServerResponse response = proved(request, 200);
                    response.headersEndHandler(last -> {})
                            .putHeader(HopFields.ANSWER_PROOF, seal.answered(fields(request), 500, List.of()));
                    response.end("secret");
                });
        for (Consumer<HttpServerRequest> stranger : strangers) {
            owner = stranger;
            send(LONG);
            assertThat(next()).isEqualTo("failed UNPROVED");
        }
        owner = request -> request.response().setStatusCode(401).end();
        send(LONG);
        assertThat(next()).isEqualTo("failed STRANGER");
        owner = request -> proved(request, 421).end();
        send(LONG);
        assertThat(next()).isEqualTo("failed NOT_OWNER");
        owner = request -> proved(request, 425).end();
        send(LONG);
        assertThat(next()).isEqualTo("failed REFUSED");
    }

    @Test
    void whatIsSentIsSealedForOneRouterAndEachTimeAnew() throws InterruptedException {
        owner = request -> {
            HopFields fields = fields(request);
            assertThat(seal.isOurs(fields, "POST", PATH, request.headers().entries()))
                    .isTrue();
            assertThat(fields.lane()).isEqualTo(new LaneId(2));
            assertThat(fields.fence()).isEqualTo(3);
            assertThat(fields.bodyDigest()).isEqualTo(HopSeal.digest("body".getBytes(StandardCharsets.US_ASCII)));
            proved(request, 200).end(fields.nonce());
        };
        List<String> nonces = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            send(LONG);
            assertThat(next()).startsWith("head 200");
            nonces.add(next());
            assertThat(next()).startsWith("end");
        }
        assertThat(nonces).doesNotHaveDuplicates();
    }

    @Test
    void everyWaitEnds() throws InterruptedException, IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        send(LONG);
        assertThat(next()).isEqualTo("failed UNREACHABLE");

        listen();
        AtomicBoolean left = new AtomicBoolean();
        owner = request -> request.response().closeHandler(gone -> left.set(true));
        send(Duration.ofMillis(300));
        assertThat(next()).isEqualTo("failed LOST");
        await(left::get);

        // Its lane has changed hands.
        left.set(false);
        int before = asked.get();
        send(LONG);
        await(() -> asked.get() > before);
        peers.living(List.of(member(3)));
        assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
        peers.living(List.of(member(4)));
        assertThat(next()).isEqualTo("failed LOST");
        await(left::get);

        // The client leaves.
        left.set(false);
        Peers.Hop hop = send(LONG);
        await(() -> peers.inFlight() == 1);
        vertx.runOnContext(go -> hop.close());
        await(() -> peers.inFlight() == 0);
        assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aHopThatIsHeldUpReadsNoMore() throws InterruptedException {
        AtomicBoolean full = new AtomicBoolean();
        owner = request -> {
            HttpServerResponse response = proved(request, 200).setChunked(true);
            pour(response, full);
        };
        AtomicReference<Peers.Hop> hop = new AtomicReference<>();
        vertx.runOnContext(go -> hop.set(peers.send(forwarded(LONG), new Told() {
            @Override
            public void chunk(Buffer bytes) {
                hop.get().pause();
            }
        })));
        await(full::get);
        assertThat(next()).startsWith("head 200");
        vertx.runOnContext(go -> hop.get().close());
        await(() -> peers.inFlight() == 0);
    }

    private void pour(HttpServerResponse response, AtomicBoolean full) {
        for (int i = 0; i < 1_000 && !response.writeQueueFull(); i++) {
            response.write(Buffer.buffer(new byte[16 * 1024]));
        }
        if (response.writeQueueFull()) {
            // Once it stays so, nobody reads.
            vertx.setTimer(500, later -> {
                if (response.writeQueueFull()) {
                    full.set(true);
                } else if (!response.closed()) {
                    pour(response, full);
                }
            });
        }
    }

    private Peers.Hop send(Duration longest) throws InterruptedException {
        BlockingQueue<Peers.Hop> made = new LinkedBlockingQueue<>();
        vertx.runOnContext(go -> made.add(peers.send(forwarded(longest), new Told())));
        Peers.Hop hop = made.poll(5, TimeUnit.SECONDS);
        assertThat(hop).isNotNull();
        return hop;
    }

    private Peers.Forwarded forwarded(Duration longest) {
        return new Peers.Forwarded(
                PATH,
                List.of(Map.entry("Host", "client"), Map.entry("x-api-key", "sk"), Map.entry("content-length", "4")),
                "body".getBytes(StandardCharsets.US_ASCII),
                member(3),
                7,
                longest);
    }

    private ClusterMember member(long fence) {
        return new ClusterMember(new LaneId(2), fence, "127.0.0.1:" + port, true);
    }

    private static HopFields fields(HttpServerRequest request) {
        return HopFields.read(String.valueOf(request.getHeader(HopFields.NAME))).orElseThrow();
    }

    /** As the router that was asked. */
    private HttpServerResponse proved(HttpServerRequest request, int status) {
        HttpServerResponse response = request.response();
        return response.setStatusCode(status)
                .headersEndHandler(before -> response.headers()
                        .set(
                                HopFields.ANSWER_PROOF,
                                seal.answered(
                                        fields(request),
                                        status,
                                        response.headers().entries())));
    }

    private String next() throws InterruptedException {
        String what = told.poll(5, TimeUnit.SECONDS);
        assertThat(what).isNotNull();
        return what;
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    /** Notes what it is told. */
    private class Told implements Peers.Listener {
        @Override
        public void hint(List<Map.Entry<String, String>> headers) {
            told.add("hint " + text(headers));
        }

        @Override
        public void head(int status, List<Map.Entry<String, String>> headers) {
            told.add("head " + status + " " + text(headers));
        }

        @Override
        public void chunk(Buffer bytes) {
            told.add("chunk " + bytes);
        }

        @Override
        public void end(List<Map.Entry<String, String>> trailers) {
            told.add("end " + text(trailers));
        }

        @Override
        public void failed(HopOutcome why) {
            told.add("failed " + why);
        }

        private String text(List<Map.Entry<String, String>> headers) {
            List<String> texts = new ArrayList<>();
            headers.forEach(header -> texts.add(header.getKey() + "=" + header.getValue()));
            return String.join(" ", texts);
        }
    }
}
