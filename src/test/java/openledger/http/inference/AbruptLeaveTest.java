package openledger.http.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import openledger.http.ChatApi;
import openledger.http.FairnessResource;
import openledger.http.ReadGate;
import openledger.http.RouterUnderTest;
import openledger.inference.InferenceService;
import openledger.inference.admission.FairPool;
import openledger.routing.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that reset their connection (SO_LINGER 0) at any moment: whatever they held is given back. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class AbruptLeaveTest {
    private static final int CASES = 400;
    private static final String RECEIPT = "/v1/receipts/00000000000000010000000000000001";

    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    @Inject
    FairnessResource fairness;

    @Inject
    ReadGate gate;

    @Inject
    InferenceRoutes routes;

    @Inject
    InferenceService service;

    @Inject
    FairPool bytes;

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void noWatcherOfFairnessLeavesItsPlaceBehind() throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            leave(get("/v1/fairness/stream"), random.nextInt(4) == 0);
        }

        ChatApi.await(() -> fairness.streams.taken() == 0);
        try (Socket client = connect()) {
            client.getOutputStream().write(get("/v1/fairness/stream"));
            assertThat(new String(client.getInputStream().readNBytes(15), StandardCharsets.UTF_8))
                    .isEqualTo("HTTP/1.1 200 OK");
        }
        ChatApi.await(() -> fairness.streams.taken() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/decisions", RECEIPT, RECEIPT + "?wait=RECORDED", RECEIPT + "?wait=FINALIZED"})
    void noQuestionLeavesItsPlaceBehind(String path) throws Exception {
        for (int seed = 0; seed < CASES / 4; seed++) {
            Random random = new Random(seed);
            leave(get(path), random.nextBoolean());
        }

        ChatApi.await(() -> gate.reads.taken() == 0 && gate.waits.taken() == 0);
        assertThat(ask(path)).isIn(200, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "idempotency-key: %s\r\n", "x-stainless-retry-count: 1\r\n"})
    void noRequestLeavesItsPlaceOrItsBytesBehind(String header) throws Exception {
        for (int seed = 0; seed < CASES / 2; seed++) {
            Random random = new Random(seed);
            if (random.nextInt(3) == 0) {
                RouterUnderTest.script(random.nextBoolean() ? "slow 50" : "hang-after 2");
            }
            byte[] whole = chat(header.formatted(header.hashCode() + "-" + seed), random.nextBoolean(), random);
            if (random.nextInt(3) == 0) {
                byte[] part = java.util.Arrays.copyOf(whole, random.nextInt(whole.length));
                leave(part, false);
            } else {
                leave(whole, random.nextBoolean());
            }
        }

        ChatApi.await(() -> routes.inFlight() == 0);
        ChatApi.await(() -> bytes.taken() == service.waiting().keptBytes());
        ChatApi.await(() -> ChatApi.inFlight() == 0);
        RouterUnderTest.reset();
        assertThat(ChatApi.chat(ChatApi.body("assistant", true)).statusCode()).isEqualTo(200);
    }

    private int ask(String path) {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .get(path)
                .statusCode();
    }

    private static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nhost: router\r\nauthorization: Bearer " + RouterUnderTest.KEY
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] chat(String header, boolean stream, Random random) {
        String body = ChatApi.body("assistant", stream) + " ".repeat(random.nextInt(200_000));
        return ("POST " + InferenceRoutes.path(Operation.CHAT) + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                        + RouterUnderTest.KEY + "\r\n" + header + "content-length: " + body.length() + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getByName(router.getHost()), router.getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Sends the bytes and resets the connection at once, or once the first byte of an answer is there. */
    private void leave(byte[] sent, boolean afterFirstByte) throws IOException {
        Socket socket = connect();
        socket.setSoLinger(true, 0);
        socket.getOutputStream().write(sent);
        if (afterFirstByte) {
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }
        socket.close();
    }
}
