package openledger.http.receipt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A router that does not settle says so. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class UnsettledTest {
    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void answersAtOnceWithWhatIsRecorded() throws InterruptedException {
        String id = ChatApi.chat(ChatApi.body("assistant", false)).header("openledger-request");
        ChatApi.receipt(id);

        given().header("x-api-key", RouterUnderTest.KEY)
                .get("/v1/receipts/" + id + "?wait=FINALIZED&timeout=60s")
                .then()
                .statusCode(200)
                .body("level", equalTo("RECORDED"))
                .body("commitment", nullValue());
    }

    @Test
    void refusesToSignBeforeAnyProviderIsCalled() {
        given().header("x-api-key", RouterUnderTest.KEY)
                .header("openledger-receipt", "signed")
                .body(ChatApi.body("assistant", false))
                .post("/v1/chat/completions")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("settlement_off"))
                .body("error.param", equalTo("openledger-receipt"));
        assertThat(ChatApi.upstreamCalls()).isZero();
    }

    @Test
    void refusesToSignAReceipt() {
        given().header("x-api-key", RouterUnderTest.KEY)
                .header("openledger-receipt", "signed")
                .get("/v1/receipts/00000000000000010000000000000001")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("settlement_off"));
    }

    @Test
    void hasNoBatches() {
        given().header("x-api-key", RouterUnderTest.KEY)
                .get("/v1/batches")
                .then()
                .statusCode(404)
                .body("detail", containsString("does not settle"));
    }

    @Test
    void hasNoLogAndTellsNoStranger() {
        given().get("/log/1/checkpoint").then().statusCode(401);
        given().header("x-api-key", RouterUnderTest.KEY)
                .get("/log/1/tile/0/000")
                .then()
                .statusCode(404)
                .body("detail", containsString("does not settle"));
    }

    @Test
    void hasNoReceiptsThatALogSigns() {
        given().header("x-api-key", RouterUnderTest.KEY)
                .accept("application/cose")
                .get("/v1/receipts/00000000000000010000000000000001")
                .then()
                .statusCode(406)
                .body("detail", containsString("openledger.log.key-env"));
    }
}
