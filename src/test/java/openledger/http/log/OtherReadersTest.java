package openledger.http.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.http.FakeSettlement;
import openledger.http.RouterUnderTest;
import openledger.identity.NoteSecret;
import openledger.support.OtherLog;
import openledger.unit.RequestId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client of logs that is not ours reads the log of a router, all of it. */
@Tag("long")
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
@TestProfile(FakeSettlement.Profile.class)
final class OtherReadersTest {
    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    @Test
    void readTheLogUpToItsCheckpoint() throws Exception {
        OtherLog program = OtherLog.orSkip();
        FakeSettlement.reset();
        for (int count : new int[] {1, 300, 255, 44}) {
            FakeSettlement.settle(new RequestId(1, count), count, ConfirmationLevel.RECORDED);
        }
        String address = router.resolve("/log/1").toString();

        OtherLog.Ran ran = program.run(address, FakeSettlement.LOG.key().toString());
        assertThat(ran.output()).endsWith("600 entries lead to the signed root\n");
        assertThat(ran.status()).isZero();

        NoteSigner other = NoteSecret.signer(
                FakeSettlement.LOG.key().name(), NoteKey.Kind.NOTE, "a0".repeat(NoteSigner.SEED_BYTES));
        assertThat(program.run(address, other.key().toString()).status()).isOne();
    }
}
