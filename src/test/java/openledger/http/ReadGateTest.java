package openledger.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import openledger.http.problem.Problem;
import org.junit.jupiter.api.Test;

/** Questions to the database are bounded, and a place is given back whatever becomes of the question. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class ReadGateTest {
    private static final String TENANT = "test";

    @Inject
    ReadGate gate;

    @Test
    void aTenantThatHasTakenItsShareIsToldToComeBack() throws InterruptedException {
        // A question that comes back later would make room for one more.
        ChatApi.await(() -> gate.reads.taken() == 0);
        int taken = 0;
        while (gate.reads.take(TENANT)) {
            taken++;
        }
        try {
            ask("/v1/decisions")
                    .then()
                    .statusCode(503)
                    .header("retry-after", "1")
                    .contentType(Problem.CONTENT_TYPE);
            ask("/v1/decisions?wait=SEQUENCED").then().statusCode(503);
            ask("/v1/receipts/00000000000000010000000000000001?wait=RECORDED")
                    .then()
                    .statusCode(503);
            ask("/v1/receipts/00000000000000010000000000000001?wait=FINALIZED")
                    .then()
                    .statusCode(503);
            // In memory, so always answered.
            ask("/v1/fairness").then().statusCode(200);
            ask("/v1/models").then().statusCode(200);
        } finally {
            for (int i = 0; i < taken; i++) {
                gate.reads.giveBack(TENANT);
            }
        }
        ask("/v1/decisions").then().statusCode(200);
    }

    @Test
    void everyPlaceIsGivenBack() throws IOException, InterruptedException {
        for (int i = 0; i < 5; i++) {
            ask("/v1/decisions").then().statusCode(200);
            ask("/v1/decisions?limit=none").then().statusCode(400);
            ask("/v1/receipts/00000000000000010000000000000001");
            leave("/v1/decisions");
        }

        ChatApi.await(() -> gate.reads.taken() == 0);
        assertThat(gate.reads.taken()).isZero();
    }

    private static Response ask(String path) {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY).get(path);
    }

    /** Asks and is gone. */
    private static void leave(String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nhost: router\r\nauthorization: Bearer " + RouterUnderTest.KEY
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }
    }
}
