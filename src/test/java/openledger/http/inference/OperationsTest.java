package openledger.http.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.stream.Stream;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.routing.Operation;
import openledger.simulator.SimulatedProvider;
import openledger.simulator.SimulatedProvider.SeenCall;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation over every dialect that has it: answers, faults, streams and their ends, in its clients' idiom. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class OperationsTest {

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void embeds() {
        ask(Operation.EMBEDDINGS, "{\"model\":\"assistant\",\"input\":[\"a\",\"b\"],\"stream\":true}")
                .then()
                .statusCode(200)
                .header("openledger-tier", "best")
                .body("data", hasSize(2));
        assertThat(seen().path()).isEqualTo("/v1/embeddings");
    }

    @Test
    void responds() {
        ask(Operation.RESPONSES, responses(false))
                .then()
                .statusCode(200)
                .header("openledger-attempts", "1")
                .body("object", equalTo("response"));
    }

    @Test
    void respondsInAStreamWithTheFactsInItsLastEvent() {
        String stream = ask(Operation.RESPONSES, responses(true)).asString();

        assertThat(stream).contains("response.output_text.delta");
        assertThat(stream.substring(stream.indexOf("event: response.completed\n")))
                .contains("\"type\":\"response.completed\"", ",\"openledger\":{", "\"attempts\":1")
                .endsWith("\n\n");
    }

    @Test
    void sendsMessages() {
        messages(false)
                .then()
                .statusCode(200)
                .header("openledger-target", startsWith("messages-"))
                .body("type", equalTo("message"));
        assertThat(seen().path()).isEqualTo("/v1/messages");
    }

    @Test
    void sendsMessagesInAStreamWithTheFactsInItsLastEvent() {
        String stream = messages(true).asString();

        assertThat(stream).startsWith("event: message_start").contains("content_block_delta");
        assertThat(stream.substring(stream.indexOf("event: message_stop\n")))
                .contains("\"type\":\"message_stop\",\"openledger\":{")
                .endsWith("\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scribe", "mixed"})
    void chatsWithTargetsOfAnotherDialect(String route) {
        ask(Operation.CHAT, ChatApi.body(route, false))
                .then()
                .statusCode(200)
                .body("object", equalTo("chat.completion"))
                .body("choices[0].message.role", equalTo("assistant"))
                .body("choices[0].finish_reason", equalTo("stop"));
    }

    @Test
    void chatsInAStreamWithTargetsOfAnotherDialect() {
        String stream = ask(Operation.CHAT, ChatApi.body("scribe", true)).asString();

        assertThat(stream)
                .containsOnlyOnce("\"role\":\"assistant\"")
                .contains("\"openledger\":{")
                .endsWith("data: [DONE]\n\n");
        assertThat(seen().path()).isEqualTo("/v1/messages");
    }

    @ParameterizedTest
    @CsvSource({
        "RESPONSES, status 500, SERVER_ERROR",
        "RESPONSES, hang-after 0, FIRST_TOKEN_TIMEOUT",
        "RESPONSES, cut 0, CONNECTION_LOST",
        "RESPONSES, error 0, IN_BAND_ERROR",
        "MESSAGES, status 529, RATE_LIMITED",
        "MESSAGES, hang-after 0, FIRST_TOKEN_TIMEOUT",
        "MESSAGES, end 0, CONNECTION_LOST",
        "MESSAGES, error 0, IN_BAND_ERROR",
        "MESSAGES, garbage, IN_BAND_ERROR",
    })
    void aFaultBeforeTheFirstContentIsRetried(Operation operation, String fault, String trigger) {
        RouterUnderTest.script(fault);

        Response response = operation == Operation.MESSAGES ? messages(true) : ask(operation, responses(true));

        response.then()
                .statusCode(200)
                .header("openledger-attempts", "2")
                .header("openledger-fallback-reason", trigger);
        assertThat(ChatApi.upstreamCalls()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"RESPONSES, cut 2", "RESPONSES, error 2", "MESSAGES, cut 2", "MESSAGES, error 2", "MESSAGES, end 2"})
    void aStreamThatBreaksEndsWithAnErrorEventOfItsIdiomAndNothingElse(Operation operation, String fault) {
        RouterUnderTest.script(fault);

        String stream = (operation == Operation.MESSAGES ? messages(true) : ask(operation, responses(true))).asString();

        assertThat(stream).doesNotContain("response.completed", "message_stop");
        assertThat(stream.substring(stream.lastIndexOf("event: ")))
                .startsWith("event: error\ndata: {\"type\":\"error\"");
        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void refusesWhatARouteDoesNotOffer() {
        ask(Operation.EMBEDDINGS, "{\"model\":\"mixed\",\"input\":\"a\"}")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("operation_not_offered"))
                .body("error.message", startsWith("The route 'mixed' does not offer embeddings"));
        assertThat(ChatApi.upstreamCalls()).isZero();
    }

    @Test
    void refusesByNameWhatNoTargetCanBeAsked() {
        ask(Operation.CHAT, "{\"model\":\"scribe\",\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("untranslatable"))
                .body("error.param", equalTo("n"));
        assertThat(ChatApi.upstreamCalls()).isZero();
    }

    @Test
    void tellsClientsOfMessagesErrorsInTheirOwnForm() {
        given().header("x-api-key", "sk-wrong-0123456789abcdef")
                .body("{}")
                .post(InferenceRoutes.path(Operation.MESSAGES))
                .then()
                .statusCode(401)
                .body("type", equalTo("error"))
                .body("error.type", equalTo("authentication_error"))
                .body("problem", equalTo("urn:openledger:problem:unauthenticated"));
    }

    private static Response messages(boolean stream) {
        return given().header("x-api-key", RouterUnderTest.KEY)
                .header("anthropic-version", "2023-06-01")
                .contentType(ContentType.JSON)
                .body("{\"model\":\"scribe\",\"max_tokens\":64,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}")
                .post(InferenceRoutes.path(Operation.MESSAGES));
    }

    private static String responses(boolean stream) {
        return "{\"model\":\"assistant\",\"stream\":" + stream + ",\"input\":\"Hello!\"}";
    }

    private static Response ask(Operation operation, String body) {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .contentType(ContentType.JSON)
                .body(body)
                .post(InferenceRoutes.path(operation));
    }

    private static SeenCall seen() {
        return RouterUnderTest.providers().stream()
                .map(SimulatedProvider::takeSeen)
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElseThrow();
    }
}
