package openledger.http.receipt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.LogProof;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.SignedNote;
import openledger.commitment.log.SignedNote.Standing;
import openledger.http.ChainUnderTest;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.http.WitnessUnderTest;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;

/** A router with a chain and real witnesses, of which one does not know its log: what its log and its receipts have from them. */
@QuarkusTest
@QuarkusTestResource(
        value = RouterUnderTest.class,
        initArgs = @ResourceArg(name = "openledger.routes[0].modes", value = "fast,confirmed"),
        restrictToAnnotatedClass = true)
@QuarkusTestResource(value = ChainUnderTest.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = WitnessUnderTest.class, restrictToAnnotatedClass = true)
final class WitnessedReceiptsTest {
    private static final NoteKey LOG = WitnessUnderTest.LOG.key();

    @Test
    void aReceiptSaysWhoHasSeenItsLeaves() throws InterruptedException {
        String id = confirmed();
        JsonPath receipt = witnessed(id);

        assertSeen(receipt, "");
        assertSeen(receipt, "planned.");
        proves(id, receipt);
        checkpointIsCosigned();
        isShown();
    }

    /** The first plan opens the lane, which takes a while. */
    private static String confirmed() throws InterruptedException {
        AtomicReference<Response> answer = new AtomicReference<>();
        ChatApi.await(() -> {
            answer.set(ChatApi.chat(ChatApi.body("assistant:confirmed", false)));
            return answer.get().statusCode() == 200;
        });
        return answer.get().header("openledger-request");
    }

    /** Once both leaves are in batches that a quorum has seen. */
    private static JsonPath witnessed(String id) throws InterruptedException {
        AtomicReference<JsonPath> found = new AtomicReference<>();
        ChatApi.await(() -> {
            JsonPath receipt = given().header("x-api-key", RouterUnderTest.KEY)
                    .get("/v1/receipts/" + id)
                    .jsonPath();
            found.set(receipt);
            return Boolean.TRUE.equals(receipt.get("witnessed.met"))
                    && Boolean.TRUE.equals(receipt.get("planned.witnessed.met"));
        });
        return found.get();
    }

    private static void assertSeen(JsonPath receipt, String of) {
        assertThat(receipt.getInt(of + "witnessed.quorum")).isEqualTo(2);
        SignedNote note = SignedNote.parse(receipt.getString(of + "witnessed.checkpoint"));
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        assertCosigned(note);
        long index = receipt.getLong(of + "proof.index");
        assertThat(checkpoint.size()).isGreaterThan(index);
        List<Hash32> path = receipt.<String>getList(of + "witnessed.inclusion").stream()
                .map(Hash32::parse)
                .toList();
        assertThat(new InclusionPath(index, checkpoint.size(), path).root(leaf(receipt, of)))
                .contains(checkpoint.root());
    }

    private static Hash32 leaf(JsonPath receipt, String of) {
        return new LogHasher()
                .entry(HexFormat.of().parseHex(receipt.getString(of + "leaf").substring(2)));
    }

    private static void assertCosigned(SignedNote note) {
        assertThat(note.standing(LOG)).isEqualTo(Standing.SIGNED);
        assertThat(note.signatures().getFirst().toString()).contains(" " + LOG.name() + " ");
        assertThat(WitnessUnderTest.WITNESSES)
                .extracting(note::standing)
                .containsExactly(Standing.SIGNED, Standing.SIGNED, Standing.ABSENT);
        assertThat(note.cosignedAt(WitnessUnderTest.WITNESSES.getFirst())).isPresent();
    }

    private static void proves(String id, JsonPath receipt) {
        String text = given().header("x-api-key", RouterUnderTest.KEY)
                .accept("text/x-tlog-proof")
                .get("/v1/receipts/" + id)
                .asString();
        LogProof proof = LogProof.parse(text);

        assertThat(proof.verify(leaf(receipt, ""), LOG)).isPresent();
        assertThat(proof.note().toString()).isEqualTo(receipt.getString("witnessed.checkpoint"));
        assertCosigned(proof.note());
    }

    private static void checkpointIsCosigned() throws InterruptedException {
        AtomicReference<SignedNote> newest = new AtomicReference<>();
        ChatApi.await(() -> {
            Response answer = given().get("/log/" + ChainUnderTest.LANE.value() + "/checkpoint");
            assertThat(answer.header("cache-control")).isEqualTo("public, max-age=1");
            newest.set(SignedNote.parse(answer.asString()));
            return newest.get().signatures().size() == 3;
        });
        assertCosigned(newest.get());
    }

    private static void isShown() {
        assertThat(given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                        .get("/q/health/ready")
                        .asString())
                .contains("leaves-unwitnessed");
    }
}
