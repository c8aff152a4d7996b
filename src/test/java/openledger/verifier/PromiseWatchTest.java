package openledger.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.verify.AnswerPromiseCheck.Headers;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.support.RecordedChain;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.verifier.PromiseWatch.Counts;
import openledger.verifier.PromiseWatch.Look;
import openledger.verifier.PromiseWatch.Settings;
import openledger.verifier.Unproved.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A watch against a router that keeps its promises, or does not, and a chain that was recorded. Long because promises are broken in many
 * ways.
 */
final class PromiseWatchTest {
    private final List<Unproved> told = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final RecordedChain chain;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer router;
    private final byte[] body;
    private final String header;
    private volatile Instant now;
    private volatile Receipts receipts = exchange -> send(exchange, 404, "{}");
    private PromiseWatch watch;

    /** How the router answers a question for a receipt. */
    private interface Receipts {
        void answer(HttpExchange exchange) throws IOException;
    }

    PromiseWatchTest() throws IOException {
        chain = new RecordedChain();
        body = chain.promise().get("body").asText().getBytes(StandardCharsets.UTF_8);
        header = chain.signedHeader();
        now = Instant.ofEpochSecond(chain.signedAt() + 1);
        router = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        router.setExecutor(threads);
        router.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("authorization"));
            receipts.answer(exchange);
        });
        watch = watch(Optional.empty(), 10);
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @BeforeEach
    void start() {
        router.start();
    }

    @AfterEach
    void stop() {
        watch.close();
        router.stop(0);
        threads.shutdownNow();
        chain.close();
    }

    private PromiseWatch watch(Optional<Address> signer, int most) {
        Settings settings = new Settings(chain.rpc(), Pins.ofLane(new LaneId(chain.lane())), signer, most);
        return new PromiseWatch(settings, () -> now, told::add);
    }

    private WatchedAnswer answer(Optional<String> promise, byte[] sent, int status) {
        return new WatchedAnswer(
                URI.create("http://127.0.0.1:" + router.getAddress().getPort() + "/v1/receipts/"),
                Optional.of(RequestDigest.of(sent)),
                Map.of("authorization", "Bearer a key"),
                status,
                new Headers(promise, Optional.empty()));
    }

    private void answered(WatchedAnswer answer) throws InterruptedException {
        watch.answered(answer);
        watch.finishChecks();
    }

    private long count(Reason reason) {
        return watch.counts().unproved().getOrDefault(reason, 0L);
    }

    @Test
    void aPromiseIsProvedByTheReceiptAndTheChain() throws InterruptedException {
        receipts = exchange -> send(exchange, 200, chain.genuine("signed"));
        answered(answer(Optional.of(header), body, 200));
        assertThat(watch.counts().pending()).isOne();

        watch.prove(Look.ALL);

        assertThat(told).isEmpty();
        assertThat(watch.counts().proved()).isOne();
        assertThat(watch.counts().pending()).isZero();
        assertThat(asked).containsExactly("/v1/receipts/" + request() + " Bearer a key");
    }

    private String request() {
        return chain.genuine("signed").replaceAll("^\\{\"request\":\"([0-9a-f]{32})\".*$", "$1");
    }

    @Test
    void twoEqualRequestsHaveOnePromise() throws InterruptedException {
        watch.answered(answer(Optional.of(header), body, 200));
        answered(answer(Optional.of(header), body, 200));

        assertThat(watch.counts().checked()).isEqualTo(2);
        assertThat(watch.counts().pending()).isOne();
    }

    @Test
    void whatIsWrongAtOnceIsReportedAtOnce() throws InterruptedException {
        watch.answered(answer(Optional.empty(), body, 200));
        watch.answered(answer(Optional.of("none"), body, 200));
        watch.answered(answer(Optional.of("lane=1"), body, 200));
        watch.answered(answer(Optional.of(header), new byte[] {1}, 200));
        watch.answered(answer(Optional.empty(), body, 401));
        answered(new WatchedAnswer(
                URI.create("http://127.0.0.1/v1/receipts/"),
                Optional.empty(),
                Map.of(),
                200,
                new Headers(Optional.of(header), Optional.of("\u001b"))));

        assertThat(told)
                .extracting(Unproved::reason)
                .containsExactly(
                        Reason.NO_PROMISE,
                        Reason.NOT_SIGNED,
                        Reason.WRONG_PROMISE,
                        Reason.WRONG_PROMISE,
                        Reason.NOT_CHECKED);
        assertThat(told.getLast().request()).isEqualTo("?");
        assertThat(watch.counts()).isEqualTo(new Counts(6, 0, 0, watch.counts().unproved()));
        assertThat(told.toString()).doesNotContain("a key");
    }

    /** The trusted node knows the keys of the lane that is pinned. */
    @Test
    void anotherSignerThanTheLanesIsReportedAtOnce() throws InterruptedException {
        chain.changed = answer -> {
            String data = answer.at("/question/params/0/data").asText();
            // The only call with a lane and an account.
            return data.length() == 2 + 2 * (4 + 64)
                    ? answer.put("result", "0x" + "00".repeat(32))
                    : data.length() == 2 + 2 * (4 + 32)
                            ? answer.put("result", "0x" + ("00".repeat(12) + "c2".repeat(20)).repeat(5))
                            : answer;
        };

        answered(answer(Optional.of(header), body, 200));

        assertThat(told).singleElement().satisfies(one -> {
            assertThat(one.reason()).isEqualTo(Reason.WRONG_PROMISE);
            assertThat(one.why()).contains("not by 0x" + "c2".repeat(20) + " as expected");
        });
    }

    @Test
    void aSignerThatIsNamedOutweighsTheChain() throws InterruptedException {
        watch.close();
        watch = watch(Optional.of(Address.parse("0x" + "12".repeat(20))), 10);

        answered(answer(Optional.of(header), body, 200));

        assertThat(told).extracting(Unproved::reason).containsExactly(Reason.WRONG_PROMISE);
    }

    @Test
    void aNodeThatIsAwayDoesNotConvictAnybody() throws InterruptedException {
        chain.close();

        answered(answer(Optional.of(header), body, 200));

        assertThat(told).isEmpty();
        assertThat(watch.counts().pending()).isOne();
    }

    @Test
    void aRouterThatHidesTheReceiptNeverProvesItsPromise() throws InterruptedException {
        List<Receipts> hostile = List.of(
                exchange -> send(exchange, 404, "{}"),
                exchange -> {
                    exchange.getResponseHeaders().add("location", "/v1/receipts/elsewhere");
                    send(exchange, 302, "");
                },
                exchange -> send(exchange, 200, "no JSON"),
                exchange -> send(
                        exchange, 200, chain.genuine("fast, retried").replaceFirst("0{15}2", "0".repeat(15) + "7")),
                PromiseWatchTest::endless,
                exchange -> exchange.close());
        answered(answer(Optional.of(header), body, 200));
        for (Receipts one : hostile) {
            receipts = one;
            watch.prove(Look.ALL);
            assertThat(watch.counts().pending()).isOne();
        }
        assertThat(asked).noneMatch(path -> path.contains("elsewhere"));

        now = now.plusSeconds(601);
        watch.prove(Look.DUE);

        assertThat(told).singleElement().satisfies(one -> {
            assertThat(one.reason()).isEqualTo(Reason.OVERDUE);
            assertThat(one.anchorBy().orElseThrow()).isGreaterThan(chain.signedAt());
        });
        assertThat(watch.counts().pending()).isZero();
    }

    /** Two gigabytes of a receipt, as far as anybody reads. */
    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 2L << 30);
        byte[] piece = new byte[1 << 16];
        try {
            for (long sent = 0; sent < 2L << 30; sent += piece.length) {
                exchange.getResponseBody().write(piece);
            }
        } finally {
            exchange.close();
        }
    }

    @Test
    void looksBecomeRarerAndTheLastIsWhenItIsDue() throws InterruptedException {
        answered(answer(Optional.of(header), body, 200));
        for (int second = 0; second < 3_700; second++) {
            watch.prove(Look.DUE);
            now = now.plusSeconds(1);
        }

        assertThat(asked).hasSizeBetween(5, 40);
        assertThat(told).extracting(Unproved::reason).containsExactly(Reason.OVERDUE);
    }

    @Test
    void keepsSoManyAndNoMore() throws InterruptedException {
        watch.close();
        watch = watch(Optional.empty(), 0);

        watch.answered(answer(Optional.of(header), body, 200));

        assertThat(told).extracting(Unproved::reason).containsExactly(Reason.TABLE_FULL);
        assertThat(watch.counts().pending()).isZero();
    }

    @Test
    void whatIsLeftAtTheEndIsReported() throws InterruptedException {
        answered(answer(Optional.of(header), body, 200));
        watch.answered(answer(Optional.of(header), body, 200));

        watch.close();

        assertThat(count(Reason.STOPPED)).isEqualTo(2);
        assertThat(watch.counts().pending()).isZero();
    }
}
