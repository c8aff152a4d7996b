package openledger.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Collections;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the router says of itself, of its database and of its targets. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class HealthTest {
    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void isAliveStartedAndReady() {
        given().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
        given().get("/q/health/started")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'start' }.status", equalTo("UP"));
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'journal' }.status", equalTo("UP"))
                .body("checks.find { it.name == 'keys' }.status", equalTo("UP"))
                .body("checks.find { it.name == 'targets' }.data.'assistant/best'", equalTo("2 of 2"))
                .body("checks.find { it.name == 'settlement' }.data.condition", equalTo("OFF"));
    }

    @Test
    void tellsWhichTargetsAreClosed() throws InterruptedException {
        RouterUnderTest.script(
                Collections.nCopies(2, "status 429 retry-after=1").toArray(String[]::new));
        ChatApi.chat(ChatApi.body("scribe", false)).then().statusCode(200);

        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'targets' }.data.'scribe/best'", equalTo("0 of 2"))
                .body("checks.find { it.name == 'targets' }.data.'scribe/standard'", equalTo("1 of 1"));

        ChatApi.await(() -> "2 of 2"
                .equals(given().get("/q/health/ready")
                        .path("checks.find { it.name == 'targets' }.data.'scribe/best'")));
    }
}
