package openledger.http.receipt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogHasher;
import openledger.http.ApiDescription;
import openledger.http.ChatApi;
import openledger.http.FakeSettlement;
import openledger.http.RouterUnderTest;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Receipts of a router that settles: what is in them, waiting for a level, and signatures. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
@TestProfile(FakeSettlement.Profile.class)
final class SettledReceiptsTest {
    private static final String WISH = "openledger-receipt";

    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
        FakeSettlement.reset();
    }

    @Test
    void saysWhatTheCommitmentIsMadeOfBeforeThereIsABatch() throws InterruptedException {
        String body = ChatApi.body("assistant", false);
        RequestId id = request(ChatApi.chat(body));

        ChatApi.receipt(id.toString())
                .then()
                .body("level", equalTo("RECORDED"))
                .body("commitment.salt", equalTo(hex(FakeSettlement.SECRET.salt(id))))
                .body("commitment.digest", equalTo(hex(sha256(body))))
                .body("commitment.upstream_request_ids", hasSize(1))
                .body("leaf", nullValue())
                .body("batch", nullValue());
    }

    @Test
    void hasALeafAndItsWayToTheRootOnceItIsInABatch() throws InterruptedException {
        RequestId id = request(ChatApi.chat(ChatApi.body("assistant", false)));
        SettledBatch batch = FakeSettlement.settle(id, 5, ConfirmationLevel.SEQUENCED);

        JsonPath receipt = ChatApi.receipt(id.toString()).jsonPath();

        byte[] leaf = HexFormat.of().parseHex(receipt.getString("leaf").substring(2));
        List<Hash32> path = receipt.getList("proof.path", String.class).stream()
                .map(Hash32::parse)
                .toList();
        assertThat(new InclusionPath(receipt.getInt("proof.index"), receipt.getInt("proof.size"), path)
                        .root(new LogHasher().entry(leaf)))
                .contains(Hash32.parse(receipt.getString("batch.root")));
        assertThat(receipt.getString("level")).isEqualTo("SEQUENCED");
        assertThat(receipt.getString("batch.head")).isEqualTo(batch.head().toString());
        assertThat(receipt.getLong("batch.committed_at")).isEqualTo(FakeSettlement.ANCHOR_BY);
        assertThat(receipt.getLong("transaction.gas_used")).isEqualTo(85_000);
        assertThat(receipt.getList("history.level")).isEqualTo(List.of("RECORDED", "SEQUENCED"));
        assertThat(receipt.getString("urls.data")).isEqualTo("/v1/batches/1/data?lane=1");
    }

    @Test
    void holdsAReceiptUntilItsLevelIsReached() throws InterruptedException {
        RequestId id = settledRequest(ConfirmationLevel.RECORDED);
        CompletableFuture<Response> held =
                CompletableFuture.supplyAsync(() -> receipt(id, "?wait=sequenced&timeout=60s"));
        ChatApi.await(() -> FakeSettlement.waiting() == 1);

        FakeSettlement.settle(id, 3, ConfirmationLevel.SAFE);
        FakeSettlement.wake();

        assertThat(held.join().jsonPath().getString("level")).isEqualTo("SAFE");
    }

    @Test
    void answersWithWhatThereIsWhenTheTimeIsUp() throws InterruptedException {
        RequestId id = settledRequest(ConfirmationLevel.SEQUENCED);

        receipt(id, "?wait=FINALIZED&timeout=1ms").then().statusCode(200).body("level", equalTo("SEQUENCED"));

        assertThat(FakeSettlement.waiting()).isZero();
    }

    @Test
    void doesNotWaitForWhatIsThere() throws InterruptedException {
        RequestId id = settledRequest(ConfirmationLevel.FINALIZED);

        receipt(id, "?wait=SEQUENCED&timeout=60s").then().statusCode(200).body("level", equalTo("FINALIZED"));
    }

    @Test
    void waitsNoLongerForAClientThatHasLeft() throws IOException, InterruptedException {
        RequestId id = settledRequest(ConfirmationLevel.RECORDED);
        try (Socket client = new Socket(router.getHost(), router.getPort())) {
            client.getOutputStream()
                    .write(("GET /v1/receipts/" + id + "?wait=SAFE&timeout=60s HTTP/1.1\r\nhost: router\r\nx-api-key: "
                                    + RouterUnderTest.KEY + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            ChatApi.await(() -> FakeSettlement.waiting() == 1);
        }

        ChatApi.await(() -> FakeSettlement.waiting() == 0);
    }

    @Test
    void nobodyWaitsForTheRequestOfAnother() throws InterruptedException {
        RequestId id = settledRequest(ConfirmationLevel.RECORDED);

        given().header("x-api-key", RouterUnderTest.OTHER_KEY)
                .get("/v1/receipts/" + id + "?wait=SAFE&timeout=60s")
                .then()
                .statusCode(404);
    }

    @ParameterizedTest
    @CsvSource({
        "?wait=, wait",
        "?wait=SURE, wait",
        "?wait=SAFE&wait=SAFE, wait",
        "?wait=SAFE&timeout=61s, timeout",
        "?wait=SAFE&timeout=-1s, timeout",
        "?wait=SAFE&timeout=, timeout",
        "?wait=SAFE&timeout=9999999999s, timeout",
        "?timeout=5s, timeout",
        "?until=SAFE, until",
    })
    void refusesByNameWhatItCannotWaitFor(String query, String parameter) {
        receipt(new RequestId(1, 1), query)
                .then()
                .statusCode(400)
                .body("error.code", equalTo("invalid_parameter"))
                .body("error.param", equalTo(parameter));
    }

    @Test
    void receiptsAreAsTheyAreDescribed() throws InterruptedException, IOException {
        RequestId id = settledRequest(ConfirmationLevel.SEQUENCED);
        ApiDescription description = ApiDescription.ofRouter();

        description.requireDescribed(
                new ObjectMapper().readTree(wished(id, "signed").asByteArray()),
                description.component("schemas", "Receipt"));
    }

    private static Response wished(RequestId id, String wish) {
        return given().header("x-api-key", RouterUnderTest.KEY)
                .header(WISH, wish)
                .get("/v1/receipts/" + id);
    }

    private static Response receipt(RequestId id, String query) {
        return given().header("x-api-key", RouterUnderTest.KEY).get("/v1/receipts/" + id + query);
    }

    /** A request whose record has been derived, in a batch of that level. */
    private static RequestId settledRequest(ConfirmationLevel level) throws InterruptedException {
        RequestId id = request(ChatApi.chat(ChatApi.body("assistant", false)));
        ChatApi.receipt(id.toString());
        FakeSettlement.settle(id, 4, level);
        return id;
    }

    private static RequestId request(Response answer) {
        return RequestId.parse(answer.header("openledger-request")).orElseThrow();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
