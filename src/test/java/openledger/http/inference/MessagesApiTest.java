package openledger.http.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.routing.Operation;
import openledger.simulator.SimulatedProvider.SeenCall;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to Anthropic's API: its headers, its count of tokens, and the form of its errors at every address of it. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class MessagesApiTest {
    private static final String COUNT = InferenceRoutes.path(Operation.COUNT_TOKENS);
    private static final String BODY =
            "{\"model\":\"scribe\",\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}";

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void countsTokensWithTheBudgetAndTheRecordOfAnyOtherRequest() throws InterruptedException {
        RouterUnderTest.script("status 529");

        String id = asking().body(BODY)
                .post(COUNT)
                .then()
                .statusCode(200)
                .header("openledger-attempts", "2")
                .header("openledger-budget", "4")
                .header("openledger-fallback-reason", "RATE_LIMITED")
                .body("input_tokens", greaterThan(0))
                .extract()
                .header("openledger-request");

        assertThat(ChatApi.receipt(id).<String>path("operation")).isEqualTo("count_tokens");
        assertThat(seen()).hasSize(2).allSatisfy(call -> {
            assertThat(call.path()).isEqualTo("/v1/messages/count_tokens");
            assertThat(call.body()).isEqualTo(BODY.replace("scribe", "sim-large"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"error 0", "status 500", "garbage"})
    void takesNothingElseForACount(String fault) {
        RouterUnderTest.script(fault);

        asking().body(BODY).post(COUNT).then().statusCode(200).header("openledger-attempts", "2");
    }

    @Test
    void anIgnoredMemberStreamMakesNoStreamOfACount() {
        asking().body(BODY.replaceFirst("\\{", "{\"stream\":true,"))
                .post(COUNT)
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON);
    }

    @Test
    void aRouteWithoutTargetsOfThatDialectOffersNoCount() {
        asking().body(BODY.replace("scribe", "assistant"))
                .post(COUNT)
                .then()
                .statusCode(400)
                .body("type", equalTo("error"))
                .body("error.type", equalTo("invalid_request_error"))
                .body("problem", equalTo("urn:openledger:problem:operation-not-offered"));
    }

    @Test
    void passesSeveralAndLongBetasOnWhole() {
        List<String> betas = IntStream.range(0, 60)
                .mapToObj(i -> "a-beta-with-a-long-name-" + i + "-2026-01-01")
                .toList();
        asking().header("anthropic-beta", betas.get(0), betas.get(1), String.join(",", betas.subList(2, 60)))
                .body(BODY)
                .post(InferenceRoutes.path(Operation.MESSAGES))
                .then()
                .statusCode(200);

        assertThat(seen())
                .singleElement()
                .satisfies(
                        call -> assertThat(List.of(call.beta().split(",\\s*"))).isEqualTo(betas));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/messages, 405, invalid_request_error",
        "DELETE, /v1/messages/count_tokens, 405, invalid_request_error",
        "POST, /v1/messages/batches, 404, not_found_error",
        "GET, /v1/messages/batches/b, 404, not_found_error",
    })
    void errorsThatNoOperationAnswersHaveTheFormOfItsErrors(String method, String path, int status, String type) {
        Response answer = asking().request(method, path);

        answer.then()
                .statusCode(status)
                .body("type", equalTo("error"))
                .body("error.type", equalTo(type))
                .body("error.message", notNullValue())
                .body("problem", startsWith("urn:openledger:problem:"));
    }

    @Test
    void whoAsksByAnotherMethodIsToldWhichOneThereIs() {
        asking().get("/v1/messages").then().statusCode(405).header("allow", "POST");
        asking().put("/v1/chat/completions").then().statusCode(405).header("allow", "POST");
    }

    @Test
    void aQueryThatIsNoneIsRefusedInTheFormOfItsErrors() {
        asking().get("/v1/messages?" + "a=b&".repeat(70))
                .then()
                .statusCode(400)
                .body("type", equalTo("error"))
                .body("error.type", equalTo("invalid_request_error"));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/messages",
        "POST, /v1/messages/count_tokens",
        "GET, /v1/messages",
        "POST, /v1/messages/batches"
    })
    void strangersAreToldInTheFormOfItsErrors(String method, String path) {
        given().header("x-api-key", "sk-wrong-0123456789abcdef")
                .request(method, path)
                .then()
                .statusCode(401)
                .body("type", equalTo("error"))
                .body("error.type", equalTo("authentication_error"));
    }

    @Test
    void otherAddressesKeepTheirForm() {
        given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .get("/v1/messagesandmore")
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:openledger:problem:not-found"));
    }

    private static RequestSpecification asking() {
        return given().header("x-api-key", RouterUnderTest.KEY).contentType(ContentType.JSON);
    }

    private static List<SeenCall> seen() {
        return RouterUnderTest.providers().stream()
                .flatMap(provider -> Stream.generate(provider::takeSeen).takeWhile(Objects::nonNull))
                .toList();
    }
}
