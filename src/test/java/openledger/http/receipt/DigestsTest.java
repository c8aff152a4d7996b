package openledger.http.receipt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import openledger.commitment.leaf.RequestDigest;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.http.inference.InferenceRoutes;
import openledger.routing.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client can find its request and its answer again in the digests of a record. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class DigestsTest {
    private static final String FACTS_MEMBER = ",\"openledger\":\\{[^}]*}(?=}\n\n)";

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void aDocumentIsDigestedAsItIs() throws InterruptedException {
        Response answer = ChatApi.chat(ChatApi.body("assistant", false));

        ChatApi.receipt(answer.header("openledger-request"))
                .then()
                .body("response_sha256", equalTo(sha256(answer.asByteArray())))
                .body("nonce", nullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"assistant", "scribe"})
    void aChatsStreamIsDigestedWithoutTheMemberOfFacts(String route) throws InterruptedException {
        Response answer = ChatApi.chat(ChatApi.body(route, true));

        assertThat(answer.asString()).containsPattern(FACTS_MEMBER);
        assertDigest(answer, answer.asString().replaceFirst(FACTS_MEMBER, ""));
    }

    @Test
    void aTypedStreamIsDigestedWithoutTheMemberOfFacts() throws InterruptedException {
        String body = "{\"model\":\"assistant\",\"stream\":true,\"input\":\"Hello!\"}";
        Response answer = ask(Operation.RESPONSES, body, "n");

        assertThat(answer.asString()).containsPattern(FACTS_MEMBER);
        assertDigest(answer, answer.asString().replaceFirst(FACTS_MEMBER, ""));
    }

    @Test
    void aRequestThatNobodyServedHasNoAnswersDigest() throws InterruptedException {
        RouterUnderTest.script("status 500", "status 500", "status 500", "status 500");

        Response answer = ChatApi.chat(ChatApi.body("assistant", false));

        answer.then().statusCode(503);
        ChatApi.receipt(answer.header("openledger-request")).then().body("response_sha256", nullValue());
    }

    @Test
    void aNonceEntersTheDigestOfTheRequestAndIsShown() throws InterruptedException {
        String body = ChatApi.body("assistant", false);
        Response answer = ask(Operation.CHAT, body, "my nonce 1");

        String digest = HexFormat.of().formatHex(RequestDigest.of(body.getBytes(StandardCharsets.UTF_8), "my nonce 1"));
        ChatApi.receipt(answer.header("openledger-request"))
                .then()
                .body("nonce", equalTo("my nonce 1"))
                .body("body_sha256", equalTo(digest));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65, 4_000})
    void aNonceOfAnotherLengthIsRefusedByName(int length) {
        ask(Operation.CHAT, ChatApi.body("assistant", false), "n".repeat(length))
                .then()
                .statusCode(400)
                .body("error.code", equalTo("invalid_parameter"))
                .body("error.param", equalTo("openledger-nonce"));
        assertThat(ChatApi.upstreamCalls()).isZero();
    }

    private static Response ask(Operation operation, String body, String nonce) {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .header("openledger-nonce", nonce)
                .contentType(ContentType.JSON)
                .body(body)
                .post(InferenceRoutes.path(operation));
    }

    private static void assertDigest(Response answer, String ofProvider) throws InterruptedException {
        ChatApi.receipt(answer.header("openledger-request"))
                .then()
                .body("response_sha256", equalTo(sha256(ofProvider.getBytes(StandardCharsets.UTF_8))));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
