package openledger.http.log;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Arrays;
import java.util.List;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.EntryBundle;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.SignedNote;
import openledger.commitment.log.SignedNote.Standing;
import openledger.commitment.log.TilePath;
import openledger.commitment.log.TiledLog;
import openledger.http.FakeSettlement;
import openledger.http.RouterUnderTest;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.log.MemoryArchive;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log of a lane, for anybody, as C2SP tlog-tiles has it. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
@TestProfile(FakeSettlement.Profile.class)
final class LogTest {
    @BeforeEach
    void forget() {
        FakeSettlement.reset();
    }

    @Test
    void signsTheLogAfterItsNewestBatch() {
        FakeSettlement.settle(new RequestId(1, 1), 5, ConfirmationLevel.RECORDED);
        SettledBatch newest = FakeSettlement.settle(new RequestId(1, 2), 4, ConfirmationLevel.RECORDED);

        Response answer = given().get("/log/1/checkpoint");

        SignedNote note = SignedNote.parse(answer.asString());
        assertThat(note.standing(FakeSettlement.LOG.key())).isEqualTo(Standing.SIGNED);
        assertThat(Checkpoint.parse(note.text()))
                .isEqualTo(new Checkpoint(
                        FakeSettlement.LOG.key().name(), 9, newest.header().root()));
        assertThat(answer.contentType()).isEqualToIgnoringCase("text/plain;charset=utf-8");
        assertThat(answer.header("cache-control")).isEqualTo("public, max-age=1");
        assertThat(given().get("/log/1/checkpoint").asString()).isEqualTo(answer.asString());
    }

    @Test
    void signsALogWithoutLeavesToo() {
        assertThat(checkpoint())
                .isEqualTo(new Checkpoint(FakeSettlement.LOG.key().name(), 0, LogHasher.EMPTY_ROOT));
    }

    @Test
    void itsTilesLeadFromItsEntriesToTheSignedRoot() {
        for (int i = 1; i <= 3; i++) {
            FakeSettlement.settle(new RequestId(1, i), 100 + i, ConfirmationLevel.RECORDED);
        }
        Checkpoint checkpoint = checkpoint();
        long size = checkpoint.size();
        assertThat(size).isEqualTo(306);
        TiledLog log = new TiledLog(
                size,
                path -> given().get("/log/1/" + path)
                        .then()
                        .statusCode(200)
                        .extract()
                        .asByteArray());

        assertThat(log.root(size)).isEqualTo(checkpoint.root());
        for (long bundle = 0; bundle * TilePath.FULL < size; bundle++) {
            TilePath path = TilePath.of(TilePath.ENTRIES, bundle, size).orElseThrow();
            List<byte[]> entries =
                    EntryBundle.entries(given().get("/log/1/" + path).asByteArray(), path.width());
            for (int i = 0; i < entries.size(); i++) {
                assertThat(entries.get(i)).hasSize(LeafEncoding.BYTES);
                Hash32 hash = new LogHasher().entry(entries.get(i));
                assertThat(log.inclusion(bundle * TilePath.FULL + i, size).root(hash))
                        .contains(checkpoint.root());
            }
        }
    }

    @Test
    void aTileIsTheSameForEver() {
        FakeSettlement.settle(new RequestId(1, 1), 4, ConfirmationLevel.RECORDED);
        Response before = given().get("/log/1/tile/0/000.p/3");
        FakeSettlement.settle(new RequestId(1, 2), 4, ConfirmationLevel.RECORDED);

        assertThat(before.header("cache-control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(before.contentType()).isEqualTo("application/octet-stream");
        assertThat(given().get("/log/1/tile/0/000.p/3").asByteArray())
                .hasSize(3 * Hash32.BYTES)
                .isEqualTo(before.asByteArray());
        assertThat(Arrays.copyOf(given().get("/log/1/tile/0/000.p/8").asByteArray(), 3 * Hash32.BYTES))
                .isEqualTo(before.asByteArray());
    }

    /** Beyond the checkpoint, not full, or written in another way. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tile/0/000",
                "tile/0/000.p/5",
                "tile/0/001.p/1",
                "tile/1/000.p/1",
                "tile/entries/000",
                "tile/entries/000.p/5",
                "tile/entries/x001/000.p/1",
                "tile/0/000.p/0",
                "tile/0/000.p/04",
                "tile/0/0.p/4",
                "tile/8/000.p/4",
                "tile/0/x000/000.p/4",
                "tile/entries/x009/x223/x372/x036/x854/x775/807",
                "tile/leaves/000.p/4"
            })
    void whatIsNotThereIsNotFoundAndNotCached(String path) {
        FakeSettlement.settle(new RequestId(1, 1), 4, ConfirmationLevel.RECORDED);

        given().get("/log/1/" + path)
                .then()
                .statusCode(404)
                .header("cache-control", equalTo("no-store"))
                .body("detail", containsString("no such tile"));
    }

    @Test
    void whatWasDroppedIsSaidToBeElsewhere() {
        FakeSettlement.settle(new RequestId(1, 1), 4, ConfirmationLevel.RECORDED);
        FakeSettlement.drop(ArchivedLog.NONE);
        given().get("/log/1/tile/entries/000.p/4")
                .then()
                .statusCode(404)
                .body("detail", containsString("'openledger.log.archive'"));

        FakeSettlement.drop(new ArchivedLog(new MemoryArchive(), Runnable::run));
        given().get("/log/1/tile/entries/000.p/4")
                .then()
                .statusCode(503)
                .header("retry-after", equalTo("1"))
                .body("detail", containsString("cannot be read at the moment"));
        given().get("/log/1/tile/0/000.p/4").then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "0", "01", "one"})
    void itHasTheLogOfItsOwnLaneOnly(String lane) {
        given().get("/log/" + lane + "/checkpoint")
                .then()
                .statusCode(404)
                .body("detail", containsString("of lane 1 only"));
    }

    private static Checkpoint checkpoint() {
        return Checkpoint.parse(
                SignedNote.parse(given().get("/log/1/checkpoint").asString()).text());
    }
}
