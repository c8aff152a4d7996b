package openledger.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import openledger.settlement.log.LogArchive;
import openledger.support.S3Server;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server of S3 that is not ours takes our signatures, and no others. */
@Tag("long")
final class S3ServerTest {
    @Test
    void keepsWhatItIsGiven() throws Exception {
        try (S3Server server = S3Server.orSkip()) {
            byte[] large = new byte[3 << 20];
            new Random(1).nextBytes(large);
            for (String prefix : new String[] {"", "/a/b-c"}) {
                LogArchive archive = open(server, prefix, server.keys());
                assertThat(archive.read("7/batch/001", 10)).isEmpty();
                assertThat(archive.write("7/batch/001", Optional.empty(), new byte[] {1}))
                        .isTrue();
                assertThat(archive.write("7/batch/001", Optional.empty(), large))
                        .isFalse();
                assertThat(archive.write("7/batch/001", Optional.of(new byte[] {1}), large))
                        .isTrue();
                assertThat(archive.write("7/tile/0/000.p/3", Optional.empty(), new byte[] {2}))
                        .isTrue();

                assertThat(archive.read("7/batch/001", large.length)).contains(large);
                assertThat(archive.read("7/tile/0/000.p/3", 10)).contains(new byte[] {2});
                assertThatThrownBy(() -> archive.read("7/batch/001", 1 << 20)).hasMessageContaining("7/batch/001");
            }
            Map<String, String> wrong = new HashMap<>(server.keys());
            wrong.put("AWS_SECRET_ACCESS_KEY", "not-the-secret");
            assertThatThrownBy(() -> open(server, "", wrong).read("7/batch/001", large.length))
                    .hasMessageContaining("status 403")
                    .hasMessageNotContaining("not-the-secret");
        }
    }

    private static LogArchive open(S3Server server, String prefix, Map<String, String> keys) {
        return new ArchiveAddress(
                        "s3://" + server.bucket() + prefix, Optional.of(server.endpoint()), Optional.of("eu-central-1"))
                .open(keys::get);
    }
}
