package openledger.http.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.routing.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client gets to read of a provider's complaints. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class ProviderErrorsTest {
    private static final String EMPTY_WALLET =
            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance is too low to "
                    + "access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.\"}}";

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void anEmptyWalletFallsBackAndNobodyReadsOfIt() {
        RouterUnderTest.script("reply 400 " + EMPTY_WALLET);

        ChatApi.chat(ChatApi.body("assistant", false))
                .then()
                .statusCode(200)
                .header("openledger-attempts", "2")
                .header("openledger-fallback-reason", "SERVER_ERROR");
        assertThat(ChatApi.upstreamCalls()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noTenantReadsOfAWalletThatIsEmptyEverywhere(boolean stream) {
        RouterUnderTest.script(
                "reply 400 " + EMPTY_WALLET,
                "reply 402 " + EMPTY_WALLET,
                "reply 403 " + EMPTY_WALLET,
                "reply 200 " + EMPTY_WALLET);

        Response response = ChatApi.chat(ChatApi.body("assistant", stream));

        response.then().statusCode(503).body("error.code", equalTo("budget_exhausted"));
        assertThat(response.asString()).doesNotContainIgnoringCase("credit", "billing", "balance");
        assertThat(response.headers().toString()).doesNotContainIgnoringCase("credit", "billing", "balance");
    }

    @Test
    void whatElseAnErrorSaysStaysInItsPlace() {
        RouterUnderTest.script(
                "reply 400 {\"error\":{\"message\":\"filtered\",\"param\":\"prompt\",\"code\":\"content_filter\","
                        + "\"innererror\":{\"content_filter_result\":{\"hate\":{\"filtered\":true}}}}}");

        ChatApi.chat(ChatApi.body("assistant", false))
                .then()
                .statusCode(400)
                .body("error.message", equalTo("filtered"))
                .body("error.param", equalTo("prompt"))
                .body("error.code", equalTo("content_filter"))
                .body("error.innererror.content_filter_result.hate.filtered", equalTo(true));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRejectionWithinA200IsNotRetried(boolean stream) {
        RouterUnderTest.script(
                "reply 200 {\"object\":\"error\",\"message\":\"too long\",\"type\":\"BadRequestError\",\"code\":400}");

        ChatApi.chat(ChatApi.body("assistant", stream))
                .then()
                .statusCode(400)
                .header("x-should-retry", "false")
                .body("error.message", equalTo("too long"));
        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void theProvidersWordsReachAStreamThatBreaks() {
        RouterUnderTest.script("error 2");

        assertThat(ChatApi.chat(ChatApi.body("assistant", true)).asString())
                .contains("stream_broken", "IN_BAND_ERROR", "The provider says", "simulated")
                .doesNotContain("[DONE]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "deflate, gzip"})
    void aCompressedRequestIsRefusedByName(String encoding) {
        given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .header("content-type", "application/json")
                .header("content-encoding", encoding)
                .body(new byte[] {0x1f, (byte) 0x8b, 8, 0})
                .post(InferenceRoutes.path(Operation.CHAT))
                .then()
                .statusCode(415)
                .body("error.param", equalTo("content-encoding"))
                .body("detail", containsString("Content-Encoding"));
        assertThat(ChatApi.upstreamCalls()).isZero();
    }
}
