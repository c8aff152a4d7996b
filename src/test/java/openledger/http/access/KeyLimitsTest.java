package openledger.http.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.http.inference.InferenceRoutes;
import openledger.routing.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the limits of a key do to its requests, over HTTP. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class KeyLimitsTest {
    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void aKeyWithARateIsToldHowItStandsAndStoppedBeforeAnyProviderIsCalled() {
        chat(RouterUnderTest.RATED_KEY, "{")
                .then()
                .statusCode(400)
                .header("x-ratelimit-limit-requests", "2")
                .header("x-ratelimit-remaining-requests", "1")
                .header("x-ratelimit-reset-requests", matchesPattern("(29\\.\\d+|30)s"));
        chat(RouterUnderTest.RATED_KEY, ChatApi.body("assistant", true))
                .then()
                .statusCode(200)
                .header("x-ratelimit-remaining-requests", "0");

        chat(RouterUnderTest.RATED_KEY, ChatApi.body("assistant", false))
                .then()
                .statusCode(429)
                .header("retry-after", matchesPattern("[1-9]|[12]\\d|30"))
                .header("x-should-retry", nullValue())
                .header("x-ratelimit-remaining-requests", "0")
                .body("type", endsWith(":rate-limited"))
                .body("error.code", equalTo("rate_limit_exceeded"));
        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void aKeyWithoutARateHasNoSuchHeaders() {
        chat(RouterUnderTest.KEY, ChatApi.body("assistant", false))
                .then()
                .statusCode(200)
                .header("x-ratelimit-limit-requests", nullValue());
    }

    @Test
    void aConcurrentRequestBeyondTheLimitIsStopped() throws IOException, InterruptedException {
        RouterUnderTest.script("hang-after 2");
        try (Socket first = sendStream()) {
            assertThat(first.getInputStream().readNBytes(12)).isNotEmpty();

            chat(RouterUnderTest.NARROW_KEY, ChatApi.body("assistant", false))
                    .then()
                    .statusCode(429)
                    .header("retry-after", "1")
                    .body("error.code", equalTo("rate_limit_exceeded"));
        }

        // The first has left in mid-stream, and its slot is free again.
        awaitAFreeSlot();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"model\":\"nope\"}",
                "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}",
                "{\"model\":\"assistant\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}"
            })
    void theSlotIsGivenBackHoweverTheRequestEnds(String body) {
        for (int i = 0; i < 5; i++) {
            assertThat(chat(RouterUnderTest.NARROW_KEY, body).statusCode()).isNotEqualTo(429);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"status 400", "status 503", "cut 1"})
    void theSlotIsGivenBackWhateverAProviderDoes(String fault) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            RouterUnderTest.script(fault, fault, fault, fault);
            awaitAFreeSlot();
        }
    }

    @Test
    void theSlotOfAClientThatLeavesBeforeItsBodyIsWholeIsGivenBack() throws IOException, InterruptedException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write((head(1_000) + "{").getBytes(StandardCharsets.US_ASCII));
            ChatApi.await(() -> chat(RouterUnderTest.NARROW_KEY, "{").statusCode() == 429);
        }

        awaitAFreeSlot();
    }

    private static void awaitAFreeSlot() throws InterruptedException {
        ChatApi.await(() -> chat(RouterUnderTest.NARROW_KEY, "{").statusCode() == 400);
    }

    private static Response chat(String key, String body) {
        return given().header("authorization", "Bearer " + key).body(body).post(InferenceRoutes.path(Operation.CHAT));
    }

    private Socket sendStream() throws IOException {
        Socket socket = connect();
        String body = ChatApi.body("assistant", true);
        socket.getOutputStream().write((head(body.length()) + body).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getByName(router.getHost()), router.getPort());
    }

    private static String head(int length) {
        return "POST " + InferenceRoutes.path(Operation.CHAT) + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                + RouterUnderTest.NARROW_KEY + "\r\ncontent-length: " + length + "\r\n\r\n";
    }
}
