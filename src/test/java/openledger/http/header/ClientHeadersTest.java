package openledger.http.header;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import openledger.http.ChatApi;
import openledger.http.PatientClient;
import openledger.http.RouterUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients ask for by headers that belong to HTTP and to no operation. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class ClientHeadersTest {
    private static final String NAME = "my-request:1";

    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void aClientThatAsksWhetherToSendItsBodyIsTold() throws Exception {
        String body = ChatApi.body("assistant", false);
        String head = "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer " + RouterUnderTest.KEY
                + "\r\ncontent-type: application/json\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: "
                + body.length() + "\r\n\r\n";

        String answer = new PatientClient(router).send(head, body);

        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    @Test
    void theNameOfARequestIsOnEachAnswer() {
        named().body(ChatApi.body("assistant", false))
                .post("/v1/chat/completions")
                .then()
                .statusCode(200);
        for (String path : new String[] {"/v1/models", "/v1/policy", "/q/health", "/q/openapi", "/v1/nothing", "/"}) {
            named().get(path).then().header("x-request-id", equalTo(NAME));
        }
        for (String path : new String[] {"/v1/chat/completions", "/v1/messages"}) {
            named().body("{").post(path).then().statusCode(400).header("x-request-id", equalTo(NAME));
            given().header("x-request-id", NAME)
                    .post(path)
                    .then()
                    .statusCode(401)
                    .header("x-request-id", equalTo(NAME));
        }
    }

    @Test
    void aRequestEndsWithTheDeadlineOfItsClient() {
        RouterUnderTest.script("slow 20000");

        named().header("openledger-deadline-ms", "200")
                .body(ChatApi.body("assistant", false))
                .post("/v1/chat/completions")
                .then()
                .statusCode(504)
                .body("error.code", equalTo("deadline_passed"))
                .body("error.message", containsString("200 ms"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "10s", "3600001", "99999999999", "", "\u0661"})
    void whatIsNoDeadlineIsRefused(String text) {
        named().header("openledger-deadline-ms", text)
                .body(ChatApi.body("assistant", false))
                .post("/v1/chat/completions")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("openledger-deadline-ms"));
    }

    private static RequestSpecification named() {
        return given().header("x-request-id", NAME)
                .header("authorization", "Bearer " + RouterUnderTest.KEY)
                .contentType("application/json");
    }
}
