package openledger.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the router says of itself, of its database and of its targets, and to whom. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class HealthTest {
    /** More than there are workers. */
    private static final int MANY = 400;

    @Inject
    Vertx vertx;

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void isAliveStartedAndReady() {
        given().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
        known().get("/q/health/started")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'start' }.status", equalTo("UP"));
        known().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'journal' }.status", equalTo("UP"))
                .body("checks.find { it.name == 'lanes' }.data.number", equalTo(1))
                .body("checks.find { it.name == 'lanes' }.data.lane", equalTo(1))
                .body("checks.find { it.name == 'lanes' }.data.fence", greaterThanOrEqualTo(1))
                .body("checks.find { it.name == 'lanes' }.data.finishing", equalTo(0))
                .body("checks.find { it.name == 'keys' }.status", equalTo("UP"))
                .body("checks.find { it.name == 'settlement' }.data.condition", equalTo("OFF"))
                .body("checks.find { it.name == 'targets' }.data.'assistant/best'", equalTo("2 of 2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health", "/q/health/ready", "/q/health/live", "/q/health/started"})
    void aStrangerIsToldOnlyWhetherItIsUp(String path) {
        String told = given().urlEncodingEnabled(false)
                .get(path)
                .then()
                .statusCode(200)
                .extract()
                .asString();

        assertThat(told).isEqualTo("{\"status\":\"UP\",\"checks\":[]}");
    }

    @Test
    void theAdministratorAndATenantAreToldMoreAndAWrongKeyIsRefused() {
        given().header("authorization", "Bearer " + RouterUnderTest.ADMIN_KEY)
                .get("/q/health")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'keys' }.status", equalTo("UP"));
        known().get("/q/health").then().body("checks.find { it.name == 'keys' }.status", equalTo("UP"));
        given().header("authorization", "Bearer sk-wrong-0123456789abcdef")
                .get("/q/health")
                .then()
                .statusCode(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health/well", "/q/health/group/x", "/q/health/none"})
    void thereAreNoOtherKindsOfHealth(String path) {
        known().get(path).then().statusCode(404);
    }

    @Test
    void answersWhileEveryWorkerHangs() {
        CountDownLatch over = new CountDownLatch(1);
        try {
            for (int i = 0; i < MANY; i++) {
                vertx.executeBlocking(
                        () -> {
                            over.await();
                            return true;
                        },
                        false);
            }

            given().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
            known().get("/q/health").then().statusCode(200);
        } finally {
            over.countDown();
        }
    }

    @Test
    void tellsWhenTheTargetsOfATierAreClosed() throws InterruptedException {
        RouterUnderTest.script(
                Collections.nCopies(2, "status 429 retry-after=1").toArray(String[]::new));
        ChatApi.chat(ChatApi.body("scribe", false)).then().statusCode(200);

        known().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'targets' }.data.'scribe/best'", equalTo("0 of 2"))
                .body("checks.find { it.name == 'targets' }.data.'scribe/standard'", equalTo("1 of 1"));

        ChatApi.await(() -> "2 of 2"
                .equals(known().get("/q/health/ready")
                        .path("checks.find { it.name == 'targets' }.data.'scribe/best'")));
    }

    private static RequestSpecification known() {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY);
    }
}
