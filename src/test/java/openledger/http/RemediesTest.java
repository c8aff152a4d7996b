package openledger.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A problem names what it is about and what to do, and media types are taken and given as docs/reference/problems.md has it. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class RemediesTest {
    private static final String CHAT = "/v1/chat/completions";

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/decisions?status=odd | status | 'status' must be one of SERVED, ",
                "/v1/decisions?trigger=odd | trigger | 'trigger' must be one of ",
                "/v1/receipts/00000000000000010000000000000001?wait=odd | wait | 'wait' must be one of ",
            })
    void aWrongWordInAQueryIsNamedWithItsParameter(String address, String parameter, String detail) {
        asking().get(address)
                .then()
                .statusCode(400)
                .body("error.param", startsWith(parameter))
                .body("detail", startsWith(detail));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /v1/nothing | 404 | check its path; GET /q/openapi lists all addresses",
                "GET | /v1/chat/completions | 405 | use the one that GET /q/openapi lists",
                "POST | /v1/models | 405 | use the one that GET /q/openapi lists",
            })
    void anAddressOrMethodThatIsNoneIsAnsweredWithWhereToLook(
            String method, String address, int status, String remedy) {
        asking().request(method, address).then().statusCode(status).body("detail", containsString(remedy));
    }

    @Test
    void aBodyThatIsTooLargeIsAnsweredWithTheLimitAndWhatToDo() {
        asking().body("x".repeat(1_048_577))
                .post(CHAT)
                .then()
                .statusCode(413)
                .body("detail", startsWith("A body may have at most 1048576 bytes: send a smaller one"));
    }

    @Test
    void aDeadlineThatPassesIsAnsweredWithWhoCanLengthenIt() {
        RouterUnderTest.script("slow 20000");

        asking().header("openledger-deadline-ms", "200")
                .body(ChatApi.body("assistant", false))
                .post(CHAT)
                .then()
                .statusCode(504)
                .body("detail", containsString("Send it again with more time in 'openledger-deadline-ms'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "application/xml", "application/json;charset=x"})
    void anOperationReadsAnyMediaTypeAsJson(String type) {
        given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .header("content-type", type)
                .body(ChatApi.body("assistant", false).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .post(CHAT)
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON);
    }

    @ParameterizedTest
    @CsvSource({"gzip,415", "br,415", "identity,200"})
    void anOperationTakesNoCompressedBody(String encoding, int status) {
        asking().header("content-encoding", encoding)
                .body(ChatApi.body("assistant", false))
                .post(CHAT)
                .then()
                .statusCode(status);
    }

    @ParameterizedTest
    @CsvSource({"text/html,false,application/json", "application/json,true,text/event-stream"})
    void anOperationDoesNotLookAtAccept(String accepted, boolean stream, String given) {
        asking().accept(accepted)
                .body(ChatApi.body("assistant", stream))
                .post(CHAT)
                .then()
                .statusCode(200)
                .header("content-type", startsWith(given));
    }

    @Test
    void anotherAddressAnswersItsOwnTypeOrAProblem() {
        asking().accept("text/html")
                .get("/v1/models")
                .then()
                .statusCode(406)
                .header("content-type", startsWith("application/problem+json"))
                .body("detail", containsString("leave 'Accept' out"));
        asking().accept("text/html").get("/q/openapi").then().statusCode(200);
    }

    private static RequestSpecification asking() {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY).contentType(ContentType.JSON);
    }
}
