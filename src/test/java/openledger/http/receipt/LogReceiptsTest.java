package openledger.http.receipt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.HexFormat;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.CoseReceipt;
import openledger.commitment.log.CoseStatement;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.LogProof;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Receipts in the forms that the log signs, for who asks for them. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
@TestProfile(FakeSettlement.Profile.class)
final class LogReceiptsTest {
    private static final String PROOF = "text/x-tlog-proof";
    private static final String COSE = "application/cose";

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
        FakeSettlement.reset();
    }

    @Test
    void aProofLeadsToTheCheckpointOfItsBatch() throws InterruptedException {
        RequestId id = ended();
        SettledBatch batch = FakeSettlement.settle(id, 5, ConfirmationLevel.SEQUENCED);
        Hash32 leaf = leafHash(id);
        FakeSettlement.settle(new RequestId(1, 1_000_000), 5, ConfirmationLevel.SEQUENCED);

        Response answer = get(PROOF, id);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.contentType()).startsWith(PROOF);
        LogProof proof = LogProof.parse(answer.asString());
        assertThat(proof.index()).isEqualTo(4);
        assertThat(proof.verify(leaf, FakeSettlement.LOG.key()))
                .contains(new Checkpoint(
                        FakeSettlement.LOG.key().name(), 5, batch.header().root()));
    }

    @ParameterizedTest
    @ValueSource(strings = {COSE, "application/scitt-statement+cose"})
    void aStatementHasTheLeafAndAReceiptOfTheLog(String type) throws InterruptedException {
        RequestId id = ended();
        SettledBatch batch = FakeSettlement.settle(id, 5, ConfirmationLevel.RECORDED);

        Response answer = get(type, id);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo(type);
        CoseStatement statement = CoseStatement.parse(answer.asByteArray());
        Hash32 hash = new LogHasher().entry(statement.payload());
        assertThat(statement.isBy(FakeSettlement.LOG.key())).isTrue();
        assertThat(statement.subject()).isEqualTo("urn:openledger:request:" + id);
        assertThat(hash).isEqualTo(leafHash(id));
        assertThat(statement.receipts()).hasSize(1);
        CoseReceipt receipt = statement.receipts().getFirst();
        assertThat(receipt.seconds()).isEqualTo(FakeSettlement.ANCHOR_BY);
        assertThat(receipt.verify(hash, FakeSettlement.LOG.key()))
                .contains(batch.header().root());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/* | application/json",
                "text/* | text/x-tlog-proof",
                "application/* | application/json",
                "application/json, application/cose | application/json",
                "application/json;q=0.5, application/cose | application/cose",
                "image/png, text/x-tlog-proof;q=0.1 | text/x-tlog-proof",
            })
    void theFormIsTheOneThatIsLikedBest(String accepted, String type) throws InterruptedException {
        RequestId id = ended();
        FakeSettlement.settle(id, 5, ConfirmationLevel.RECORDED);

        Response answer = get(accepted, id);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.contentType()).startsWith(type);
    }

    @Test
    void withoutAWordTheFormIsJson() throws InterruptedException {
        RequestId id = ended();

        assertThat(given().header("x-api-key", RouterUnderTest.KEY)
                        .get("/v1/receipts/" + id)
                        .contentType())
                .startsWith("application/json");
    }

    @Test
    void otherFormsAreNotThere() throws InterruptedException {
        get("application/cbor", ended()).then().statusCode(406).body("error.code", equalTo("not_acceptable"));
    }

    @ParameterizedTest
    @ValueSource(strings = {PROOF, COSE})
    void thereIsNothingToProveBeforeTheOutcomeIsInABatch(String type) throws InterruptedException {
        get(type, ended())
                .then()
                .statusCode(404)
                .header("retry-after", equalTo("1"))
                .contentType("application/problem+json")
                .body("detail", containsString("in no batch yet"));
    }

    @ParameterizedTest
    @ValueSource(strings = {PROOF, COSE})
    void nobodyGetsTheReceiptOfAnother(String type) throws InterruptedException {
        RequestId id = ended();
        FakeSettlement.settle(id, 5, ConfirmationLevel.RECORDED);

        given().header("x-api-key", RouterUnderTest.OTHER_KEY)
                .accept(type)
                .get("/v1/receipts/" + id)
                .then()
                .statusCode(404)
                .body("detail", containsString("no request with this id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {PROOF, COSE})
    void theLogOfAnotherLaneIsSignedElsewhere(String type) {
        get(type, new RequestId(2, 1)).then().statusCode(400).body("error.param", equalTo("accept"));
    }

    @Test
    void aPromiseIsPartOfJsonOnly() throws InterruptedException {
        given().header("x-api-key", RouterUnderTest.KEY)
                .header("openledger-receipt", "signed")
                .accept(COSE)
                .get("/v1/receipts/" + ended())
                .then()
                .statusCode(400)
                .body("error.param", equalTo("openledger-receipt"));
    }

    private static Hash32 leafHash(RequestId id) throws InterruptedException {
        String leaf = ChatApi.receipt(id.toString()).jsonPath().getString("leaf");
        return new LogHasher().entry(HexFormat.of().parseHex(leaf.substring(2)));
    }

    private static Response get(String accepted, RequestId id) {
        return given().header("x-api-key", RouterUnderTest.KEY).accept(accepted).get("/v1/receipts/" + id);
    }

    /** A request whose record is there. */
    private static RequestId ended() throws InterruptedException {
        String id = ChatApi.chat(ChatApi.body("assistant", false)).header("openledger-request");
        ChatApi.receipt(id);
        return RequestId.parse(id).orElseThrow();
    }
}
