package openledger.http.receipt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.List;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.LeafBytes;
import openledger.commitment.log.CompactRange;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.LogHasher;
import openledger.http.ApiDescription;
import openledger.http.FakeSettlement;
import openledger.http.RouterUnderTest;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches and their data, for any tenant. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
@TestProfile(FakeSettlement.Profile.class)
final class BatchesTest {
    @BeforeEach
    void forget() {
        FakeSettlement.reset();
    }

    @Test
    void listsTheNewestFirstInPagesAndSaysHowManyRequestsHaveNoLeafYet() {
        for (int i = 1; i <= 3; i++) {
            FakeSettlement.settle(new RequestId(1, i), 4, ConfirmationLevel.SEQUENCED);
        }

        get("?limit=2")
                .then()
                .statusCode(200)
                .body("lane", equalTo(1))
                .body("data.sequence", equalTo(List.of(3, 2)))
                .body("data.requests_without_leaf", equalTo(List.of(18, 12)))
                .body("data[0].level", equalTo("SEQUENCED"))
                .body("data[0].transaction.block_number", equalTo(3))
                .body("data[0].history", nullValue())
                .body("next_before", equalTo(2));
        get("?limit=2&before=2")
                .then()
                .body("data.sequence", equalTo(List.of(1)))
                .body("next_before", nullValue());
        get("?lane=2").then().statusCode(200).body("data", hasSize(0));
    }

    @Test
    void showsABatchWithItsHistory() {
        SettledBatch batch = FakeSettlement.settle(new RequestId(1, 1), 4, ConfirmationLevel.SAFE);

        get("/1")
                .then()
                .statusCode(200)
                .body("head", equalTo(batch.head().toString()))
                .body("requests_without_leaf", equalTo(6))
                .body("history.level", equalTo(List.of("RECORDED", "SAFE")))
                .body("signed_head.signer", equalTo(FakeSettlement.SIGNER.toString()))
                .body("signed_head.signature", equalTo("0x" + "00".repeat(65)));
        get("").then().body("data[0].signed_head", nullValue());
    }

    @Test
    void aBatchIsShownWithoutASignatureThatCannotBeMade() {
        FakeSettlement.settle(new RequestId(1, 1), 4, ConfirmationLevel.SAFE);
        FakeSettlement.refuseToSign();

        get("/1").then().statusCode(200).body("sequence", equalTo(1)).body("signed_head", nullValue());
    }

    @Test
    void batchesAreAsTheyAreDescribed() throws IOException {
        FakeSettlement.settle(new RequestId(1, 1), 4, ConfirmationLevel.SAFE);
        FakeSettlement.settle(new RequestId(1, 2), 4, ConfirmationLevel.RECORDED);
        ApiDescription description = ApiDescription.ofRouter();

        description.requireDescribed(
                new ObjectMapper().readTree(get("/1").asByteArray()), description.component("schemas", "Batch"));
        description.requireDescribed(
                new ObjectMapper().readTree(get("?limit=1").asByteArray()),
                description.component("schemas", "BatchPage"));
    }

    @ParameterizedTest
    @CsvSource({"'', openledger-root, root", "?part=records, openledger-records-root, records_root"})
    void servesDataByTheRootTheyLeadTo(String query, String header, String member) {
        FakeSettlement.settle(new RequestId(1, 1), 4, ConfirmationLevel.RECORDED);

        Response answer = get("/1/data" + query);

        String root = get("/1").jsonPath().getString(member);
        assertThat(answer.contentType()).isEqualTo("application/octet-stream");
        assertThat(answer.header(header)).isEqualTo(root);
        assertThat(answer.header("etag")).isEqualTo("\"" + root + "\"");
        given().header("x-api-key", RouterUnderTest.OTHER_KEY)
                .header("if-none-match", "\"" + root + "\"")
                .get("/v1/batches/1/data" + query)
                .then()
                .statusCode(304);
    }

    @Test
    void leavesLeadToTheRootWithTheTreesBeforeThem() {
        FakeSettlement.settle(new RequestId(1, 1), 5, ConfirmationLevel.RECORDED);
        FakeSettlement.settle(new RequestId(1, 2), 4, ConfirmationLevel.RECORDED);

        List<Hash32> trees = LeafBytes.words(get("/2/data?part=trees").asByteArray());
        CompactRange log = new CompactRange(5, trees);
        for (byte[] leaf : LeafBytes.split(get("/2/data").asByteArray())) {
            log.append(new LogHasher().entry(leaf), (level, index, made) -> {});
        }

        assertThat(log.root().toString()).isEqualTo(get("/2").jsonPath().getString("root"));
    }

    @Test
    void servesSnapshotsOneBehindTheOther() {
        byte[] one = {1, 2, 3};
        byte[] other = {4};
        FakeSettlement.snapshots(List.of(one, other));
        FakeSettlement.settle(new RequestId(1, 1), 4, ConfirmationLevel.RECORDED);

        Response answer = get("/1/data?part=snapshots");

        assertThat(answer.asByteArray()).containsExactly(0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 1, 4);
        assertThat(answer.header("openledger-snapshot-root"))
                .isEqualTo(new HashedEntries(List.of(one, other)).root().toString());
    }

    @ParameterizedTest
    @CsvSource({"/1", "/1/data"})
    void saysThatThereIsNoSuchBatch(String address) {
        get(address).then().statusCode(404).body("error.code", equalTo("not_found"));
    }

    @ParameterizedTest
    @CsvSource({
        "?limit=0, limit",
        "?limit=1001, limit",
        "?limit=9999999999999999999, limit",
        "?before=-1, before",
        "?before=, before",
        "?lane=0, lane",
        "?lane=1&lane=2, lane",
        "?newest=1, newest",
        "/0, n",
        "/-1, n",
        "/1e3, n",
        "/1?limit=1, limit",
        "/1/data?part=all, part",
        "/x/data, n",
    })
    void refusesByNameWhatCannotBeUsed(String address, String parameter) {
        get(address).then().statusCode(400).body("error.param", equalTo(parameter));
    }

    @Test
    void saysThatASnapshotIsInNoBatchYet() {
        given().header("x-api-key", RouterUnderTest.KEY)
                .get("/v1/snapshots/1")
                .then()
                .statusCode(404)
                .body("detail", containsString("snapshot with this number"));
        given().header("x-api-key", RouterUnderTest.KEY)
                .get("/v1/snapshots/first")
                .then()
                .statusCode(400);
    }

    private static Response get(String address) {
        return given().header("x-api-key", RouterUnderTest.OTHER_KEY).get("/v1/batches" + address);
    }
}
