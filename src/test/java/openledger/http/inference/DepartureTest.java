package openledger.http.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.routing.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that leave, on real sockets: what still happens upstream is counted. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class DepartureTest {
    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void aClientThatLeavesBeforeTheAnswerCancelsTheCallAndAllRetries() throws IOException, InterruptedException {
        RouterUnderTest.script("slow 300", "slow 300");
        try (Socket client = send("")) {
            ChatApi.await(() -> ChatApi.upstreamCalls() == 1);
            assertThat(client.isConnected()).isTrue();
        }

        ChatApi.await(() -> ChatApi.abandoned() == 1);

        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void aClientThatLeavesInMidStreamCancelsTheCall() throws IOException, InterruptedException {
        RouterUnderTest.script("hang-after 2");
        try (Socket client = send("")) {
            InputStream in = client.getInputStream();
            assertThat(new String(in.readNBytes(200), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 200");
        }

        ChatApi.await(() -> ChatApi.abandoned() == 1);

        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void withAnIdempotencyKeyTheCallInFlightRunsOnButNothingIsRetried() throws IOException, InterruptedException {
        RouterUnderTest.script("slow 300");
        try (Socket client = send("idempotency-key: k1\r\n")) {
            ChatApi.await(() -> ChatApi.upstreamCalls() == 1);
            assertThat(client.isConnected()).isTrue();
        }

        ChatApi.await(() -> ChatApi.inFlight() == 0);

        assertThat(ChatApi.abandoned()).isZero();
        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void aClientThatComesBackWithItsKeyGetsTheSameStreamWholeOnAnyConnection()
            throws IOException, InterruptedException {
        RouterUnderTest.script("slow 200");
        try (Socket client = send("idempotency-key: k2\r\n")) {
            ChatApi.await(() -> ChatApi.upstreamCalls() == 1);
            assertThat(client.isConnected()).isTrue();
        }
        List<String> answers = new ArrayList<>();
        // Several connections, so that some are on another event loop than the request's.
        for (int i = 0; i < 4; i++) {
            try (Socket back = send("idempotency-key: k2\r\nconnection: close\r\n")) {
                answers.add(new String(back.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            }
        }

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer)
                        .contains("HTTP/1.1 200", "\"role\":\"assistant\"")
                        .containsOnlyOnce("data: [DONE]"));
        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void aKeyWithAnotherBodyIsRefused() {
        ChatApi.keyed("k3", ChatApi.body("assistant", false)).then().statusCode(200);

        ChatApi.keyed("k3", ChatApi.body("assistant", true))
                .then()
                .statusCode(422)
                .header("x-should-retry", "false")
                .body("error.code", equalTo("idempotency_key_reused"))
                .body("error.param", equalTo("idempotency-key"));
        ChatApi.keyed("k".repeat(256), ChatApi.body("assistant", false)).then().statusCode(400);
        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    private Socket send(String headers) throws IOException {
        Socket socket = new Socket(InetAddress.getByName(router.getHost()), router.getPort());
        String body = ChatApi.body("assistant", true);
        String head = "POST " + InferenceRoutes.path(Operation.CHAT) + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                + RouterUnderTest.KEY + "\r\n" + headers + "content-length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
