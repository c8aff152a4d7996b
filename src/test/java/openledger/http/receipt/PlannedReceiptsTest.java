package openledger.http.receipt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.LaneHead;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogHasher;
import openledger.commitment.verify.Receipt;
import openledger.http.ApiDescription;
import openledger.http.ChatApi;
import openledger.http.FakeSettlement;
import openledger.http.RouterUnderTest;
import openledger.inference.record.PlannedRequest;
import openledger.settlement.TestDecisions;
import openledger.settlement.cut.LeafMaker;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.verifier.ReceiptReader;
import openledger.verifier.UnreadableReceipt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Receipts with the plan of a request, and the snapshots that plans are made from. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
@TestProfile(FakeSettlement.Profile.class)
final class PlannedReceiptsTest {
    private final LeafMaker maker = new LeafMaker(new LaneSecret(new byte[LaneSecret.BYTES]));
    private final PlannedRequest planned = TestDecisions.planned(7, 2);

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
        FakeSettlement.reset();
    }

    @Test
    void hasThePlanAloneWhileTheOutcomeIsInNoBatch() throws InterruptedException, UnreadableReceipt {
        RequestId id = request();
        FakeSettlement.plan(id, maker.plan(planned), ConfirmationLevel.SEQUENCED);

        Response answer = get("/v1/receipts/" + id);

        answer.then()
                .statusCode(200)
                .body("level", equalTo("RECORDED"))
                .body("leaf", nullValue())
                .body("followed_plan", nullValue())
                .body("planned.level", equalTo("SEQUENCED"))
                .body("planned.batch.sequence", equalTo(1))
                .body("planned.transaction.block_number", equalTo(1))
                .body("planned.history.level", equalTo(List.of("RECORDED", "SEQUENCED")));
        Receipt receipt = ReceiptReader.read(answer.asByteArray());
        assertThat(receipt.level()).isEqualTo(ConfirmationLevel.SEQUENCED);
        assertThat(receipt.proof().root(new LogHasher().entry(receipt.leaf())))
                .contains(receipt.header().root());
        assertThat(receipt.plan()).isEmpty();
    }

    @Test
    void hasBothLeavesAndSaysThatTheOneFollowedTheOther() throws InterruptedException, UnreadableReceipt, IOException {
        RequestId id = request();
        FakeSettlement.plan(id, maker.plan(planned), ConfirmationLevel.SAFE);
        FakeSettlement.outcome(id, maker.outcome(TestDecisions.carriedOut(planned)), ConfirmationLevel.SEQUENCED);

        Response answer = get("/v1/receipts/" + id);

        answer.then()
                .body("level", equalTo("SEQUENCED"))
                .body("batch.sequence", equalTo(2))
                .body("planned.batch.sequence", equalTo(1))
                .body("followed_plan.followed", equalTo(true));
        Receipt receipt = ReceiptReader.read(answer.asByteArray());
        Receipt ofPlan = receipt.ofPlan().orElseThrow();
        assertThat(ofPlan.proof().root(new LogHasher().entry(ofPlan.leaf())))
                .contains(ofPlan.header().root());
        assertThat(ofPlan.level()).isEqualTo(ConfirmationLevel.SAFE);
        assertThat(receipt.signedHead().orElseThrow().head()).isEqualTo(LaneHead.of(receipt.header()));
        assertThat(ofPlan.signedHead().orElseThrow().head()).isEqualTo(LaneHead.of(ofPlan.header()));
        ApiDescription description = ApiDescription.ofRouter();
        description.requireDescribed(
                new ObjectMapper().readTree(answer.asByteArray()), description.component("schemas", "Receipt"));
    }

    @Test
    void saysWhatDidNotFollowThePlan() throws InterruptedException {
        RequestId id = request();
        Leaf another = maker.outcome(TestDecisions.carriedOut(TestDecisions.planned(7, 3)));
        FakeSettlement.plan(id, maker.plan(planned), ConfirmationLevel.SAFE);
        FakeSettlement.outcome(id, another, ConfirmationLevel.SEQUENCED);

        get("/v1/receipts/" + id)
                .then()
                .body("followed_plan.followed", equalTo(false))
                .body("followed_plan.breach", containsString("another plan"));
    }

    @Test
    void servesSnapshotsWithTheirProof() throws IOException {
        FakeSettlement.snapshots(
                LongStream.rangeClosed(1, 3).mapToObj(TestDecisions::snapshot).toList());
        FakeSettlement.settle(new RequestId(1, 1), 2, ConfirmationLevel.SEQUENCED);

        Response answer = get("/v1/snapshots/2?lane=1");

        JsonPath snapshot = answer.jsonPath();
        assertThat(snapshot.getInt("number")).isEqualTo(2);
        byte[] bytes = HexFormat.of().parseHex(snapshot.getString("bytes").substring(2));
        assertThat(bytes).isEqualTo(TestDecisions.snapshot(2));
        List<Hash32> path = snapshot.getList("proof.path", String.class).stream()
                .map(Hash32::parse)
                .toList();
        assertThat(new InclusionPath(snapshot.getInt("proof.index"), snapshot.getInt("proof.size"), path)
                        .root(new LogHasher().entry(bytes)))
                .contains(Hash32.parse(snapshot.getString("batch.snapshot_root")));
        ApiDescription description = ApiDescription.ofRouter();
        description.requireDescribed(
                new ObjectMapper().readTree(answer.asByteArray()), description.component("schemas", "Snapshot"));
        get("/v1/snapshots/4").then().statusCode(404);
        get("/v1/snapshots/2?lane=2").then().statusCode(404);
        get("/v1/snapshots/0").then().statusCode(400);
        get("/v1/snapshots/2?part=all").then().statusCode(400);
    }

    private static Response get(String address) {
        return given().header("x-api-key", RouterUnderTest.KEY).get(address);
    }

    /** A request whose record has been derived. */
    private static RequestId request() throws InterruptedException {
        Response answer = ChatApi.chat(ChatApi.body("assistant", false));
        RequestId id = RequestId.parse(answer.header("openledger-request")).orElseThrow();
        ChatApi.receipt(id.toString());
        return id;
    }
}
