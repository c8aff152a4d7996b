package openledger.http.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.http.problem.Problem;
import openledger.inference.InferenceService;
import openledger.inference.admission.FairPool;
import openledger.routing.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one tenant can fill leaves something for the others: places, memory for bodies, answers that are kept. */
@QuarkusTest
@QuarkusTestResource(
        value = RouterUnderTest.class,
        initArgs = {
            @ResourceArg(name = "openledger.limits.max-buffered-bytes", value = "4194304"),
            @ResourceArg(name = "openledger.limits.max-in-flight", value = "80"),
            @ResourceArg(name = "openledger.limits.body-timeout", value = "60s"),
            @ResourceArg(name = "openledger.resends.kept-bytes", value = "20000"),
        },
        restrictToAnnotatedClass = true)
final class TenantSharesTest {
    private static final int LARGEST = 1 << 20;
    private static final String TENANT = RouterUnderTest.KEY;
    private static final String OTHER = RouterUnderTest.OTHER_KEY;

    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    @Inject
    InferenceRoutes routes;

    @Inject
    InferenceService service;

    @Inject
    FairPool bytes;

    private final List<Socket> open = new ArrayList<>();

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @AfterEach
    void everythingIsGivenBack() throws IOException, InterruptedException {
        for (Socket socket : open) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
        ChatApi.await(() -> routes.inFlight() == 0);
        ChatApi.await(() -> bytes.taken() == service.waiting().keptBytes());
        assertThat(chat(TENANT, large()).statusCode()).isEqualTo(200);
    }

    @Test
    void announcementsTakeNoMemory() throws Exception {
        long before = bytes.taken();
        for (int i = 0; i < 30; i++) {
            begin(TENANT, LARGEST, 2);
        }
        ChatApi.await(() -> bytes.taken() == before + 30 * 2);

        assertThat(chat(OTHER, large()).statusCode()).isEqualTo(200);
        assertThat(chat(TENANT, large()).statusCode()).isEqualTo(200);
    }

    @Test
    void aTenantThatHasFilledItsShareOfTheMemoryIsToldToComeBackAndOthersAreServed() throws Exception {
        for (int i = 0; i < 2; i++) {
            begin(TENANT, LARGEST, LARGEST - 100);
        }
        ChatApi.await(() -> bytes.taken() >= 2 * LARGEST);

        chat(TENANT, large()).then().statusCode(503).header("retry-after", "1").contentType(Problem.CONTENT_TYPE);
        assertThat(chat(OTHER, large()).statusCode()).isEqualTo(200);
        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void aTenantThatHasFilledItsShareOfThePlacesIsToldToComeBackAndOthersAreServed() throws Exception {
        for (int i = 0; i < 40; i++) {
            begin(TENANT, LARGEST, 2);
        }
        ChatApi.await(() -> routes.inFlight() == 40);

        chat(TENANT, ChatApi.body("assistant", false)).then().statusCode(503).header("retry-after", "1");
        assertThat(chat(OTHER, ChatApi.body("assistant", false)).statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNoOperationTakesSmallBodiesOnly() {
        given().header("authorization", "Bearer " + RouterUnderTest.ADMIN_KEY)
                .contentType(ContentType.JSON)
                .body(" ".repeat(100_000))
                .post("/admin/keys")
                .then()
                .statusCode(413);
    }

    @Test
    void theAnswersKeptForOneTenantTakeNoneFromAnother() {
        String body = ChatApi.body("assistant", false);
        for (int i = 0; i < 70; i++) {
            assertThat(keyed(TENANT, "many-" + i, body).statusCode()).isEqualTo(200);
        }
        Response first = keyed(OTHER, "one", body);
        assertThat(first.statusCode()).isEqualTo(200);
        for (int i = 70; i < 140; i++) {
            keyed(TENANT, "many-" + i, body);
        }

        Response again = keyed(OTHER, "one", body);

        again.then().statusCode(200).header("openledger-request", first.header("openledger-request"));
        assertThat(again.asString()).isEqualTo(first.asString());
        // The other's own share is spent: a late resend is told that its answer is gone.
        assertThat(keyed(TENANT, "many-139", body).statusCode()).isEqualTo(409);
    }

    private void begin(String key, int announced, int sent) throws IOException {
        Socket socket = new Socket(InetAddress.getByName(router.getHost()), router.getPort());
        open.add(socket);
        String head = "POST " + InferenceRoutes.path(Operation.CHAT) + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                + key + "\r\ncontent-length: " + announced + "\r\n\r\n";
        socket.getOutputStream().write((head + " ".repeat(sent)).getBytes(StandardCharsets.US_ASCII));
    }

    private static String large() {
        String body = ChatApi.body("assistant", false);
        return body + " ".repeat(LARGEST - 1_000 - body.length());
    }

    private static Response chat(String key, String body) {
        return given().header("authorization", "Bearer " + key)
                .contentType(ContentType.JSON)
                .body(body)
                .post(InferenceRoutes.path(Operation.CHAT));
    }

    private static Response keyed(String key, String idempotencyKey, String body) {
        return given().header("authorization", "Bearer " + key)
                .header("idempotency-key", idempotencyKey)
                .contentType(ContentType.JSON)
                .body(body)
                .post(InferenceRoutes.path(Operation.CHAT));
    }
}
