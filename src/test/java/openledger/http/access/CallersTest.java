package openledger.http.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.http.inference.InferenceRoutes;
import openledger.routing.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller may ask and see: keys, names, sizes, and its own decisions alone. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class CallersTest {
    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void echoesAGoodRequestIdAndIgnoresABadOne() {
        given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .header("x-request-id", "my-id.1")
                .body(ChatApi.body("assistant", false))
                .post(InferenceRoutes.path(Operation.CHAT))
                .then()
                .header("x-request-id", "my-id.1");
        given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .header("x-request-id", "a b\"c")
                .body(ChatApi.body("assistant", false))
                .post(InferenceRoutes.path(Operation.CHAT))
                .then()
                .header("x-request-id", notNullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic abc", "Bearer sk-wrong-0123456789abcdef", "Bearer "})
    void asksForAKey(String authorization) {
        given().header("authorization", authorization)
                .contentType(ContentType.JSON)
                .body(ChatApi.body("assistant", false))
                .post(InferenceRoutes.path(Operation.CHAT))
                .then()
                .statusCode(401)
                .body("error.code", equalTo("invalid_api_key"));
        assertThat(ChatApi.upstreamCalls()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"model\":\"nope\"};404;model", "{\"model\":\"assistant:slow\"};400;model",
                "{\"messages\":[]};400;model",
                        "{\"model\":\"assistant\",\"openledger\":{\"speed\":1}};400;openledger.speed",
                "{\"model\":\"assistant:confirmed\"};400;model",
                        "{\"model\":\"assistant\",\"openledger\":{\"mode\":\"confirmed\"}};400;openledger.mode",
                "{\"model\":\"assistant\",\"openledger\":{\"gate\":\"dispatch\"}};400;openledger.gate",
                        "{\"model\":\"scribe\",\"messages\":[],\"openledger\":{\"level\":\"x\"}};400;openledger.level",
                "{\"model\":\"assistant\",\"stream\":3};400;stream",
            })
    void refusesByName(String body, int status, String param) {
        ChatApi.chat(body).then().statusCode(status).body("error.param", equalTo(param));
        assertThat(ChatApi.upstreamCalls()).isZero();
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        ChatApi.chat("{\"model\":\"assistant\",\"x\":\"" + "x".repeat(1_100_000) + "\"}")
                .then()
                .statusCode(413);
        assertThat(ChatApi.upstreamCalls()).isZero();
    }

    @Test
    void listsRoutesAsModelsAndDecisionsOfTheTenantAlone() throws InterruptedException {
        String first = ChatApi.chat(ChatApi.body("assistant", false)).header("openledger-request");
        String id = ChatApi.chat(ChatApi.body("assistant", false)).header("openledger-request");
        caller().get("/v1/models")
                .then()
                .body("data.id", equalTo(List.of("assistant", "alone", "hedged", "scribe", "mixed")));
        caller().get("/v1/models/assistant")
                .then()
                .body("id", equalTo("assistant"))
                .body("openledger.modes", equalTo(List.of("fast")))
                .body("openledger.default_mode", equalTo("fast"))
                .body("openledger.budget", equalTo(4))
                .body("openledger", not(hasKey("confirmed")));
        caller().get("/v1/models/nope").then().statusCode(404).body("error.code", equalTo("model_not_found"));
        given().header("authorization", "Bearer " + RouterUnderTest.OTHER_KEY)
                .get("/v1/receipts/" + id)
                .then()
                .statusCode(404);
        ChatApi.await(() -> id.equals(caller().get("/v1/decisions?limit=1&route=assistant&status=served")
                .path("data[0].request")));
        String cursor = caller().get("/v1/decisions?limit=1").path("next_cursor");
        caller().get("/v1/decisions?limit=1&cursor=" + cursor)
                .then()
                .statusCode(200)
                .body("data[0].request", equalTo(first));
        caller().get("/v1/decisions?limt=1").then().statusCode(400).body("error.param", equalTo("limt"));
        given().header("authorization", "Bearer " + RouterUnderTest.OTHER_KEY)
                .get("/v1/decisions")
                .then()
                .body("data.size()", equalTo(0));
    }

    private static RequestSpecification caller() {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY);
    }
}
