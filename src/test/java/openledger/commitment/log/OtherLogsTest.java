package openledger.commitment.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import openledger.support.OtherLog;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Implementations that are not ours read our vectors. */
@Tag("long")
final class OtherLogsTest {
    @Test
    void agreeWithTheVectors() throws Exception {
        OtherLog.Ran ran = OtherLog.orSkip()
                .run(Path.of("contracts/vectors/log.json").toAbsolutePath().toString());

        assertThat(ran.output()).endsWith("checks agree\n");
        assertThat(ran.status()).isZero();
    }
}
