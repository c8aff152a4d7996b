package openledger.http.receipt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.log.LogHasher;
import openledger.http.ChatApi;
import openledger.http.FakeSettlement;
import openledger.http.RouterUnderTest;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signatures for who asks for them, and for nobody else. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
@TestProfile(FakeSettlement.Profile.class)
final class SignedReceiptsTest {
    private static final String WISH = "openledger-receipt";

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
        FakeSettlement.reset();
    }

    @ParameterizedTest
    @CsvSource({"false, application/json", "true, text/event-stream"})
    void signsForWhoAsksInTheHeadOfAnyAnswer(boolean stream, String type) {
        String body = ChatApi.body("assistant", stream);

        Response answer = signed(body);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.contentType()).startsWith(type);
        RequestId id = request(answer);
        byte[] salt = FakeSettlement.SECRET.salt(id);
        RequestKey key = RequestCommitment.of(id, sha256(body), salt);
        assertThat(answer.header("openledger-promise"))
                .isEqualTo(
                        "lane=1, anchor_by=1767225600, signed_at=1767225540, kind=2, signature=\"0x" + "00".repeat(65)
                                + "\", chain_id=901, registry=\""
                                + FakeSettlement.REGISTRY + "\", request=\"" + id + "\", request_key=\"" + key
                                + "\", leaf_hash=\"" + Hash32.ZERO + "\", salt=\"0x"
                                + HexFormat.of().formatHex(salt) + "\"");
        assertThat(FakeSettlement.promised())
                .containsExactly(new FakeSettlement.Promised(key, LeafKind.OUTCOME, java.util.Optional.empty()));
    }

    @Test
    void signsForARequestThatNobodyServed() {
        RouterUnderTest.script("status 500", "status 500", "status 500", "status 500");

        Response answer = signed(ChatApi.body("assistant", false));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.header("openledger-promise")).startsWith("lane=1, ");
    }

    @Test
    void signsForNobodyElse() {
        ChatApi.chat(ChatApi.body("assistant", false)).then().header("openledger-promise", nullValue());

        assertThat(FakeSettlement.promised()).isEmpty();
    }

    @Test
    void givesTheAnswerWithoutASignatureIfItCannotSign() {
        FakeSettlement.refuseToSign();

        signed(ChatApi.body("assistant", false)).then().statusCode(200).header("openledger-promise", "none");
    }

    @Test
    void refusesOtherWordsThanSignedBeforeAnyProviderIsCalled() {
        given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .header(WISH, "Signed, please")
                .body(ChatApi.body("assistant", false))
                .post("/v1/chat/completions")
                .then()
                .statusCode(400)
                .body("error.param", equalTo(WISH));
        assertThat(ChatApi.upstreamCalls()).isZero();
    }

    @Test
    void addsASignatureOverTheLeafToAReceipt() throws InterruptedException {
        RequestId id = settledRequest(ConfirmationLevel.SEQUENCED);

        JsonPath receipt = wished(id, "signed").jsonPath();

        assertThat(receipt.getString("promise.signer")).isEqualTo(FakeSettlement.SIGNER.toString());
        assertThat(receipt.getString("promise.request_key"))
                .isEqualTo(FakeSettlement.promised().getLast().request().toString());
        assertThat(receipt.getString("promise.kind")).isEqualTo("OUTCOME");
        assertThat(receipt.getLong("promise.anchor_by")).isEqualTo(FakeSettlement.ANCHOR_BY);
        assertThat(receipt.getString("promise.leaf_hash"))
                .isEqualTo(new LogHasher()
                        .entry(HexFormat.of().parseHex(receipt.getString("leaf").substring(2)))
                        .toString());
    }

    @Test
    void theBatchOfAReceiptHasItsSignedHeadWhetherASignatureIsAskedForOrNot() throws InterruptedException {
        RequestId id = settledRequest(ConfirmationLevel.SEQUENCED);

        given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .get("/v1/receipts/" + id)
                .then()
                .statusCode(200)
                .body("promise", nullValue())
                .body("batch.signed_head.signer", equalTo(FakeSettlement.SIGNER.toString()));
    }

    @Test
    void aReceiptIsNotHeldBackForAHeadThatCannotBeSigned() throws InterruptedException {
        RequestId id = settledRequest(ConfirmationLevel.SEQUENCED);
        FakeSettlement.refuseToSign();

        given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .get("/v1/receipts/" + id)
                .then()
                .statusCode(200)
                .body("batch.sequence", equalTo(1))
                .body("batch.signed_head", nullValue());
    }

    @Test
    void saysThatAReceiptCannotBeSignedNow() throws InterruptedException {
        RequestId id = settledRequest(ConfirmationLevel.SEQUENCED);
        FakeSettlement.refuseToSign();

        wished(id, "signed").then().statusCode(503).header("retry-after", "1");
    }

    @Test
    void refusesToSignAReceiptOfAnotherLane() {
        wished(new RequestId(2, 1), "signed")
                .then()
                .statusCode(400)
                .body("error.param", equalTo(WISH))
                .body("detail", containsString("lane 2"));
    }

    private static Response signed(String body) {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .header(WISH, "signed")
                .body(body)
                .post("/v1/chat/completions");
    }

    private static Response wished(RequestId id, String wish) {
        return given().header("x-api-key", RouterUnderTest.KEY)
                .header(WISH, wish)
                .get("/v1/receipts/" + id);
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
}
