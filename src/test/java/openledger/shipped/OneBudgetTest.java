package openledger.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import openledger.chaos.resend.CountingProvider;
import openledger.chaos.resend.CountingProvider.Kind;
import openledger.chaos.resend.ResendCluster;
import openledger.chaos.resend.ResendCluster.Router;
import openledger.chaos.resend.ResendStorm;
import openledger.cluster.HopFields;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two routers as they ship: a key has one budget whoever receives it, and what cannot be forwarded is not begun; a retry without a key joins
 * its first try. Long because the two are started once.
 */
final class OneBudgetTest {
    private static final int KEYS = 60;
    private static final int AT_ONCE = 12;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder = Path.of("");

    private int names;

    @Test
    void aKeyHasOneBudgetWhoeverReceivesIt() throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"), 0);
                CountingProvider provider = new CountingProvider();
                ResendCluster cluster = new ResendCluster(postgres, provider, folder)) {
            Router one = cluster.start();
            Router two = cluster.start();
            cluster.awaitShared(one, two);

            ResendStorm storm = new ResendStorm(cluster, List.of(one, two), AT_ONCE);
            assertThat(storm.run("storm", KEYS, 1))
                    .as(storm.answers().toString())
                    .isEmpty();
            assertThat(storm.answers()).containsKeys("200", "422 idempotency-key-reused", "503 budget-exhausted");
            for (Router router : List.of(one, two)) {
                assertThat(cluster.metric(router, "openledger_forwarded_requests_total{openledger_hop=\"RELAYED\""))
                        .isPositive();
            }

            relaysStreamsAndDepartures(cluster, one, two);
            takesNothingFromStrangers(cluster, one, two);
            unkeyedRequestsStay(cluster, one);
            retriesWithoutAKeyJoinTheirFirstTry(cluster, one, two);
            aPlannedStopGivesEverythingAway(cluster, one, two);
        }
    }

    @Test
    void aDeadOwnersKeysAreNotBegunElsewhereUntilItsHoldIsOver() throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"), 0);
                CountingProvider provider = new CountingProvider();
                ResendCluster cluster = new ResendCluster(postgres, provider, folder)) {
            Router one = cluster.start();
            Router two = cluster.start();
            cluster.awaitShared(one, two);
            String theirs = keyOf(cluster, one, two, Kind.FAIL);
            int before = provider.calls(theirs);
            leave(cluster, two, "orphan-of-two", 0);
            await(() -> heard(cluster, one) == 1);

            two.process().kill();
            HttpResponse<String> refused = cluster.ask(one, theirs, Kind.FAIL, theirs);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.body()).contains("owner-unreachable");
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            assertThat(provider.calls(theirs)).isEqualTo(before);
            // Nothing of a request without a key is anybody's: it is begun anew.
            String again = retry(one, "orphan-of-two", 1);
            assertThat(again).startsWith("HTTP/1.1 200 ").contains("openledger-request: %016x".formatted(one.lane()));
            assertThat(hops(cluster, one, "UNREACHABLE") + hops(cluster, one, "NOBODY"))
                    .isEqualTo(1);
            await(() -> answers(cluster, one, "fresh-" + names++));
            cluster.awaitShared(one);
        }
    }

    private boolean answers(ResendCluster cluster, Router at, String key) {
        try {
            return cluster.ask(at, key, Kind.OK, key).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key that is asked for at {@code at} and answered by {@code owner}. */
    private String keyOf(ResendCluster cluster, Router at, Router owner, Kind kind) throws Exception {
        while (true) {
            String key = "probe-" + names++;
            HttpResponse<String> answer = cluster.ask(at, key, kind, key);
            String request = answer.headers().firstValue("openledger-request").orElse("");
            if (request.startsWith("%016x".formatted(owner.lane()))) {
                return key;
            }
        }
    }

    private void relaysStreamsAndDepartures(ResendCluster cluster, Router one, Router two) throws Exception {
        // Whole: the stream at its owner, and the same forwarded, are the same octets.
        String key = keyOf(cluster, one, two, Kind.STREAM);
        HttpResponse<String> direct = cluster.ask(two, key, Kind.STREAM, key);
        HttpResponse<String> relayed = cluster.ask(one, key, Kind.STREAM, key);
        assertThat(uncounted(relayed)).isEqualTo(uncounted(direct)).contains("[DONE]");
        assertThat(relayed.headers().firstValue("content-type"))
                .isEqualTo(direct.headers().firstValue("content-type"));

        // A client that leaves ends the call at the provider.
        int open = cluster.provider().open();
        HttpResponse<InputStream> endless = null;
        String left = "";
        while (endless == null) {
            left = "endless-" + names++;
            HttpRequest request = cluster.request(one, left, Kind.ENDLESS, left);
            HttpResponse<InputStream> answer = cluster.http()
                    .sendAsync(request, BodyHandlers.ofInputStream())
                    .get(30, TimeUnit.SECONDS);
            String id = answer.headers().firstValue("openledger-request").orElse("");
            if (id.startsWith("%016x".formatted(two.lane()))) {
                endless = answer;
            } else {
                answer.body().close();
            }
        }
        assertThat(endless.body().read()).isPositive();
        endless.body().close();
        await(() -> cluster.provider().open() == open);
        assertThat(cluster.provider().calls(left)).isEqualTo(1);
    }

    /** Each says how often it was sent by then. */
    private static String uncounted(HttpResponse<String> answer) {
        return answer.body().replaceAll("\"resends\":[0-9]+", "");
    }

    private void takesNothingFromStrangers(ResendCluster cluster, Router one, Router two) throws Exception {
        int calls = cluster.provider().allCalls();
        String body = "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\""
                + CountingProvider.marker(Kind.OK, "stranger") + "\"}]}";
        String good = "v=1; hop=1; map=1; lane=2; fence=1; time=" + System.currentTimeMillis() + "; nonce="
                + "0".repeat(32) + "; body=" + "0".repeat(64) + "; proof=" + "0".repeat(64);
        for (String header : List.of(
                "",
                HopFields.NAME + ": x\r\n",
                HopFields.NAME + ": " + good + "\r\n",
                HopFields.NAME + ": " + good + "\r\n" + HopFields.NAME + ": " + good + "\r\n",
                HopFields.NAME + ": " + "9".repeat(12_000) + "\r\n")) {
            assertThat(raw(two.internalPort(), "POST /v1/chat/completions HTTP/1.1", header, body))
                    .startsWith("HTTP/1.1 401 ")
                    .doesNotContain(HopFields.ANSWER_PROOF);
        }
        for (String line : List.of(
                "GET /v1/chat/completions HTTP/1.1",
                "POST /v1/receipts HTTP/1.1",
                "GET /q/health HTTP/1.1",
                "GET / HTTP/1.1",
                "POST /admin/keys HTTP/1.1")) {
            assertThat(raw(two.internalPort(), line, HopFields.NAME + ": " + good + "\r\n", body))
                    .startsWith("HTTP/1.1 401 ");
        }
        assertThat(cluster.provider().allCalls()).isEqualTo(calls);
        // At the port for clients it is a header like any other.
        assertThat(raw(one.port(), "POST /v1/chat/completions HTTP/1.1", HopFields.NAME + ": " + good + "\r\n", body))
                .startsWith("HTTP/1.1 200 ");
    }

    private static String raw(int port, String line, String header, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream()
                    .write((line + "\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer " + LocalStack.KEY
                                    + "\r\nidempotency-key: stranger\r\n" + header + "content-length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void unkeyedRequestsStay(ResendCluster cluster, Router one) throws Exception {
        double before = cluster.metric(one, "openledger_forwarded_requests_total");
        for (int i = 0; i < 20; i++) {
            HttpRequest keyed = cluster.request(one, "x", Kind.OK, "unkeyed-" + i);
            HttpRequest unkeyed = HttpRequest.newBuilder(keyed, (name, value) -> !name.equals("idempotency-key"))
                    .build();
            HttpResponse<String> answer = cluster.http().send(unkeyed, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("openledger-request").orElse(""))
                    .startsWith("%016x".formatted(one.lane()));
        }
        assertThat(cluster.metric(one, "openledger_forwarded_requests_total")).isEqualTo(before);
    }

    private void retriesWithoutAKeyJoinTheirFirstTry(ResendCluster cluster, Router one, Router two) throws Exception {
        String id = "left";
        double heard = heard(cluster, two);
        leave(cluster, one, id, 0);
        await(() -> heard(cluster, two) == heard + 1);
        // It goes through the other router, and leaves again.
        leave(cluster, two, id, 1);
        await(() -> heard(cluster, two) == heard + 2);
        assertThat(hops(cluster, two, "CLIENT_LEFT")).isEqualTo(1);
        assertThat(retry(two, id, 2))
                .startsWith("HTTP/1.1 200 ")
                .contains("openledger-request: %016x".formatted(one.lane()), "openledger-resends: 2");
        assertThat(cluster.provider().calls(id)).isEqualTo(3);
        assertThat(hops(cluster, two, "RELAYED")).isEqualTo(1);

        // Of two at once, as at one router, one is joined and the other a request of its own, which is counted.
        String twice = "left-twice";
        leave(cluster, one, twice, 0);
        await(() -> heard(cluster, two) == heard + 3);
        CompletableFuture<String> other = CompletableFuture.supplyAsync(() -> retry(two, twice, 1));
        String first = retry(two, twice, 1);
        assertThat(List.of(first, other.get(30, TimeUnit.SECONDS)))
                .anySatisfy(joined -> assertThat(joined).contains("openledger-request: %016x".formatted(one.lane())))
                .anySatisfy(begun -> assertThat(begun).contains("openledger-request: %016x".formatted(two.lane())));
        assertThat(cluster.provider().calls(twice)).isEqualTo(3);
        assertThat(hops(cluster, two, "NOT_OWNER")).isEqualTo(1);
    }

    private static double heard(ResendCluster cluster, Router at) {
        return metric(cluster, at, "openledger_cluster_orphans_total{openledger_result=\"heard\"");
    }

    private static double hops(ResendCluster cluster, Router at, String outcome) {
        return metric(cluster, at, "openledger_forwarded_retries_total{openledger_hop=\"" + outcome + "\"");
    }

    private static double metric(ResendCluster cluster, Router at, String start) {
        try {
            return cluster.metric(at, start);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without a key, and only until a provider works for it. */
    private static void leave(ResendCluster cluster, Router at, String id, int retry) throws Exception {
        int calls = cluster.provider().calls(id);
        try (Socket client = unkeyed(at, id, retry)) {
            await(() -> cluster.provider().calls(id) == calls + 1);
            assertThat(client.isConnected()).isTrue();
        }
    }

    private static String retry(Router at, String id, int retry) {
        try (Socket client = unkeyed(at, id, retry)) {
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Socket unkeyed(Router at, String id, int retry) throws IOException {
        String body = "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\""
                + CountingProvider.marker(Kind.LATE, id) + "\"}]}";
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), at.port());
        socket.setSoTimeout((int) LIMIT.toMillis());
        socket.getOutputStream()
                .write(("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer "
                                + LocalStack.KEY + "\r\nx-stainless-retry-count: " + retry + "\r\ncontent-length: "
                                + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void aPlannedStopGivesEverythingAway(ResendCluster cluster, Router one, Router two) throws Exception {
        two.process().close();
        assertThat(two.process().endedByItself()).isTrue();
        long stopped = System.nanoTime();
        cluster.awaitShared(one);
        // No lease had to expire.
        assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofSeconds(4));
        for (int i = 0; i < 20; i++) {
            String key = "after-" + i;
            assertThat(cluster.ask(one, key, Kind.OK, key).statusCode()).isEqualTo(200);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
