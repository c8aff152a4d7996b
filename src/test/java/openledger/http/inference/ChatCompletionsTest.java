package openledger.http.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.simulator.SimulatedProvider;
import openledger.simulator.SimulatedProvider.SeenCall;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users of other routers complain of, each counted in upstream calls; and what an answer says about itself. Long because of its tables. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class ChatCompletionsTest {
    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void answersWithWhatHappened() {
        ChatApi.chat(ChatApi.body("assistant", false))
                .then()
                .statusCode(200)
                .header("openledger-mode", "fast")
                .header("openledger-route", "assistant")
                .header("openledger-tier", "best")
                .header("openledger-attempts", "1")
                .header("openledger-budget", "4")
                .header("openledger-fallback-reason", "none")
                .header("openledger-attribution", "NONE")
                .header("openledger-overhead-ms", notNullValue())
                .body("choices[0].message.role", equalTo("assistant"));
        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void passesTheBodyThroughByteForByte() {
        String body =
                "{ \"tools\" : [ ] , \"x_unknown\":1.50e2,\"model\":\"assistant\",\"openledger\":{\"mode\":\"fast\"},"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"h\\u00e9 \\ud83d\\ude00\"}] }";

        ChatApi.chat(body).then().statusCode(200);

        SeenCall seen = RouterUnderTest.providers().stream()
                .map(SimulatedProvider::takeSeen)
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElseThrow();
        assertThat(seen.body())
                .isEqualTo(body.replace("assistant", "sim-large").replace("\"openledger\":{\"mode\":\"fast\"},", ""));
    }

    @Test
    void spendsTheBudgetOnceAcrossTiersAndTellsThatItFellBack() throws InterruptedException {
        script(3, "status 503");

        Response response = ChatApi.chat(ChatApi.body("assistant", false));

        response.then()
                .statusCode(200)
                .header("openledger-tier", "standard")
                .header("openledger-attempts", "4")
                .header("openledger-fallback-reason", "SERVER_ERROR");
        assertThat(ChatApi.upstreamCalls()).isEqualTo(4);
        Response receipt = ChatApi.receipt(response.header("openledger-request"));
        assertThat(receipt.<String>path("status")).isEqualTo("FELL_BACK");
        assertThat(receipt.<List<String>>path("attempt_list.trigger"))
                .containsExactly("SERVER_ERROR", "SERVER_ERROR", "SERVER_ERROR", "NONE");
        assertThat(receipt.<String>path("attempt_list[0].upstream_request_id")).startsWith("sim-");
    }

    @ParameterizedTest
    @CsvSource({
        "status 500, SERVER_ERROR",
        "status 429, RATE_LIMITED",
        "hang, TOTAL_TIMEOUT",
        "error 0, IN_BAND_ERROR",
        "garbage, IN_BAND_ERROR",
        "leak-key 401, SERVER_ERROR",
        "cut 1, CONNECTION_LOST",
        "end 1, IN_BAND_ERROR",
    })
    void everyFaultOfAPlainAnswerHasItsTriggerAndIsRetried(String fault, String trigger) {
        script(1, fault);

        ChatApi.chat(ChatApi.body("assistant", false))
                .then()
                .statusCode(200)
                .header("openledger-tier", "best")
                .header("openledger-attempts", "2")
                .header("openledger-fallback-reason", trigger);
        assertThat(ChatApi.upstreamCalls()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAnAnswerTookAndOfWhatModelItIsIsAlwaysKnown(boolean stream) throws InterruptedException {
        Response response = ChatApi.chat(ChatApi.body("assistant", stream));

        response.then().statusCode(200);
        if (stream) {
            assertThat(response.asString()).doesNotContain("\"choices\":[]", "completion_tokens");
        }
        Response receipt = ChatApi.receipt(response.header("openledger-request"));
        assertThat(receipt.<String>path("attempt_list[0].model")).isEqualTo("sim-large");
        assertThat(receipt.<Integer>path("attempt_list[0].tokens.input")).isPositive();
        assertThat(receipt.<Integer>path("attempt_list[0].tokens.output")).isPositive();
    }

    /** On a connection that had been used it is sent again within the same attempt, on a new one by another. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallWhoseConnectionIsClosedWithoutAnAnswerIsMadeAgain(boolean stream) {
        script(1, "drop");

        ChatApi.chat(ChatApi.body("assistant", stream)).then().statusCode(200).header("openledger-tier", "best");
        assertThat(ChatApi.upstreamCalls()).isEqualTo(2);
    }

    @Test
    void aPlainAnswerMayBeWorkedOnForLongerThanAStreamMayBeSilent() {
        script(1, "slow 700");

        ChatApi.chat(ChatApi.body("assistant", false)).then().statusCode(200).header("openledger-attempts", "1");
        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "status 500, SERVER_ERROR",
        "hang, FIRST_TOKEN_TIMEOUT",
        "error 0, IN_BAND_ERROR",
        "garbage, IN_BAND_ERROR",
        "hang-after 0, FIRST_TOKEN_TIMEOUT",
        "cut 0, CONNECTION_LOST",
        "end 0, CONNECTION_LOST",
    })
    void everyFaultOfAStreamBeforeItsFirstTokenIsRetriedAndTold(String fault, String trigger) {
        script(1, fault);

        Response response = ChatApi.chat(ChatApi.body("assistant", true));

        response.then()
                .statusCode(200)
                .header("openledger-attempts", "2")
                .header("openledger-fallback-reason", trigger);
        assertThat(response.asString())
                .containsOnlyOnce("\"role\":\"assistant\"")
                .endsWith("data: [DONE]\n\n");
        assertThat(response.asString()).contains("\"attempts\":2", "\"fallback_reason\":\"" + trigger + "\"");
        assertThat(ChatApi.upstreamCalls()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "cut 2, CONNECTION_LOST",
        "end 2, CONNECTION_LOST",
        "hang-after 2, IDLE_TIMEOUT",
        "error 2, IN_BAND_ERROR",
    })
    void aStreamThatBreaksAfterItsFirstTokenEndsWithAnErrorAndNeverWithDone(String fault, String trigger)
            throws InterruptedException {
        script(1, fault);

        Response response = ChatApi.chat(ChatApi.body("assistant", true));

        assertThat(response.asString()).contains("stream_broken", trigger).doesNotContain("[DONE]");
        assertThat(ChatApi.upstreamCalls()).isOne();
        Response receipt = ChatApi.receipt(response.header("openledger-request"));
        assertThat(receipt.<String>path("attempt_list[0].trigger")).isEqualTo(trigger);
    }

    @Test
    void anEmptyLedgerIsAnErrorThatTellsSdksNotToRetry() throws InterruptedException {
        script(4, "status 500");

        Response response = ChatApi.chat(ChatApi.body("assistant", false));

        response.then()
                .statusCode(503)
                .header("x-should-retry", "false")
                .header("retry-after", notNullValue())
                .header("openledger-attempts", "4")
                .body("type", equalTo("urn:openledger:problem:budget-exhausted"))
                .body("error.code", equalTo("budget_exhausted"));
        assertThat(ChatApi.upstreamCalls()).isEqualTo(4);
        assertThat(ChatApi.receipt(response.header("openledger-request")).<String>path("status"))
                .isEqualTo("EXHAUSTED");
    }

    @Test
    void aRequestTheProviderRefusesIsNotRetriedAndNamesTheMember() {
        script(1, "status 400");

        ChatApi.chat(ChatApi.body("assistant", false))
                .then()
                .statusCode(400)
                .header("x-should-retry", "false")
                .body("error.param", equalTo("messages"))
                .body("error.message", equalTo("simulated status 400"));
        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void retryAfterClosesATargetAndNoShorterOneReopensIt() {
        RouterUnderTest.provider("silent").script("status 429 retry-after=3600", "status 429 retry-after=1");

        ChatApi.chat(ChatApi.body("alone", false)).then().statusCode(200).header("openledger-tier", "standard");
        long before = RouterUnderTest.provider("silent").calls();
        ChatApi.chat(ChatApi.body("alone", false))
                .then()
                .statusCode(200)
                .header("openledger-fallback-reason", "NO_CAPACITY");

        assertThat(RouterUnderTest.provider("silent").calls()).isEqualTo(before);
    }

    @Test
    void aHedgeIsAnAttemptOfTheSameBudget() {
        script(1, "slow 300");

        Response response = ChatApi.chat(ChatApi.body("hedged", false));

        response.then().statusCode(200).header("openledger-attempts", "2").header("openledger-tier", "best");
        assertThat(ChatApi.upstreamCalls()).isEqualTo(2);
    }

    @Test
    void largeAnswersPassWhole() {
        script(1, "huge 3000000");

        assertThat(ChatApi.chat(ChatApi.body("assistant", false)).asString()).hasSizeGreaterThan(3_000_000);
    }

    /** The same fault for the next calls, whichever target is chosen. */
    private static void script(int calls, String fault) {
        RouterUnderTest.script(Collections.nCopies(calls, fault).toArray(String[]::new));
    }
}
