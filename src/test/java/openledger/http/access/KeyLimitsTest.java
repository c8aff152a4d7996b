package openledger.http.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
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

/** What the limits of a key do to its requests, over HTTP. Long because a request can end in many ways, and each limit has to know. */
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
    void tokensAreReservedWhileARequestRunsAndSettledWhenItHasEnded() throws IOException, InterruptedException {
        String greedy = ChatApi.body("assistant", false).replaceFirst("\\{", "{\"max_tokens\":1500,");
        chat(RouterUnderTest.TOKENS_KEY, greedy)
                .then()
                .statusCode(200)
                .header("x-ratelimit-limit-tokens", "2000")
                .header("x-ratelimit-remaining-tokens", matchesPattern("4\\d\\d"))
                .header("x-ratelimit-limit-requests", nullValue());
        // What it has not used is there again.
        ChatApi.await(() -> tokensLeft() > 1_800);

        RouterUnderTest.script("hang-after 2");
        String stream = ChatApi.body("assistant", true).replaceFirst("\\{", "{\"max_tokens\":1500,");
        try (Socket first = connect()) {
            first.getOutputStream()
                    .write((head(RouterUnderTest.TOKENS_KEY, stream.length()) + stream)
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(first.getInputStream().readNBytes(12)).isNotEmpty();
            long calls = ChatApi.upstreamCalls();

            chat(RouterUnderTest.TOKENS_KEY, greedy)
                    .then()
                    .statusCode(429)
                    .header("retry-after", matchesPattern("[1-5]?\\d"))
                    .body("error.code", equalTo("rate_limit_exceeded"))
                    .body("detail", containsString("2000 tokens a minute"));
            assertThat(ChatApi.upstreamCalls()).isEqualTo(calls);
        }
    }

    @Test
    void whatAClientThatLeavesHasUsedCountsAsTheEstimate() throws IOException, InterruptedException {
        String key = keyOfTokens(10_000);
        RouterUnderTest.script("hang-after 2");
        String stream = ChatApi.body("assistant", true).replaceFirst("\\{", "{\"max_tokens\":4000,");
        try (Socket first = connect()) {
            first.getOutputStream().write((head(key, stream.length()) + stream).getBytes(StandardCharsets.UTF_8));
            assertThat(first.getInputStream().readNBytes(12)).isNotEmpty();
        }
        ChatApi.await(() -> ChatApi.inFlight() == 0);

        for (int i = 0; i < 5; i++) {
            assertThat(tokensLeft(key)).isLessThan(6_500);
            Thread.sleep(50);
        }
    }

    @Test
    void aCallThatIsCutOffByTheClientsOwnDeadlineIsNotFree() throws InterruptedException {
        String key = keyOfTokens(10_000);
        RouterUnderTest.script("slow 5000");
        String greedy = ChatApi.body("assistant", false).replaceFirst("\\{", "{\"max_tokens\":4000,");

        given().header("authorization", "Bearer " + key)
                .header("openledger-deadline-ms", "300")
                .body(greedy)
                .post(InferenceRoutes.path(Operation.CHAT))
                .then()
                .statusCode(504);

        assertThat(tokensLeft(key)).isLessThan(6_500);
    }

    @Test
    void aRequestThatNoProviderHasTakenUsesNothing() throws InterruptedException {
        String key = keyOfTokens(10_000);
        RouterUnderTest.script("status 400");
        String greedy = ChatApi.body("assistant", false).replaceFirst("\\{", "{\"max_tokens\":4000,");

        chat(key, greedy).then().statusCode(400);

        assertThat(tokensLeft(key)).isGreaterThan(9_900);
    }

    @Test
    void aClientOfTheOtherApiIsToldInItsWords() throws InterruptedException {
        String key = keyOfTokens(100);
        String body =
                "{\"model\":\"scribe\",\"max_tokens\":90,\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}";
        RouterUnderTest.script("hang");
        given().header("x-api-key", key)
                .header("openledger-deadline-ms", "300")
                .body(body)
                .post(InferenceRoutes.path(Operation.MESSAGES))
                .then()
                .header("x-ratelimit-limit-tokens", "100")
                .header("x-ratelimit-remaining-tokens", "0");

        given().header("x-api-key", key)
                .body(body)
                .post(InferenceRoutes.path(Operation.MESSAGES))
                .then()
                .statusCode(429)
                .header("retry-after", matchesPattern("[1-6]?\\d"))
                .body("type", equalTo("error"))
                .body("error.type", equalTo("rate_limit_error"))
                .body("error.message", containsString("100 tokens a minute"));
    }

    /** A new key; its limit is its own. */
    private static String keyOfTokens(int perMinute) throws InterruptedException {
        String key = given().header("authorization", "Bearer " + RouterUnderTest.ADMIN_KEY)
                .body("{\"tenant\":\"frugal\",\"limits\":{\"tokens_per_minute\":" + perMinute + "}}")
                .post("/admin/keys")
                .then()
                .statusCode(201)
                .body("limits.tokens_per_minute", equalTo(perMinute))
                .extract()
                .path("key");
        ChatApi.await(() -> given().header("authorization", "Bearer " + key)
                        .get("/v1/models")
                        .statusCode()
                == 200);
        return key;
    }

    private static int tokensLeft() {
        return tokensLeft(RouterUnderTest.TOKENS_KEY);
    }

    private static int tokensLeft(String key) {
        String modest = ChatApi.body("assistant", false).replaceFirst("\\{", "{\"max_tokens\":1,");
        return Integer.parseInt(chat(key, modest).header("x-ratelimit-remaining-tokens"));
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
        return head(RouterUnderTest.NARROW_KEY, length);
    }

    private static String head(String key, int length) {
        return "POST " + InferenceRoutes.path(Operation.CHAT) + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + key
                + "\r\ncontent-length: " + length + "\r\n\r\n";
    }
}
