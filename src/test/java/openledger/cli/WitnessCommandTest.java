package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import openledger.commitment.log.NoteKey;
import openledger.identity.NoteSecret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What {@code openledger witness} says to who uses it. */
final class WitnessCommandTest {
    private static final String SECRET = "11".repeat(32);
    private static final NoteKey LOG = NoteSecret.signer(
                    "router.example/openledger/lane/1", NoteKey.Kind.NOTE, "22".repeat(32))
            .key();

    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "witness.example/w1, ABSENT, ok, variable ABSENT is not set",
        "witness.example/w1, SHORT, ok, 64 hexadecimal digits",
        "two words, GOOD, ok, no spaces",
        "witness.example/w1, GOOD, nonsense, a verifier key is",
    })
    void explainsWrongUsage(String name, String variable, String key, String explanation) {
        StringWriter err = new StringWriter();
        WitnessCommand command = new WitnessCommand(Map.of("GOOD", SECRET, "SHORT", "5ec7e7")::get);
        int code = new CommandLine(command)
                .setErr(new PrintWriter(err))
                .setParameterExceptionHandler((wrong, arguments) -> Misuse.explain(wrong))
                .execute(
                        "serve",
                        "--name",
                        name,
                        "--key-env",
                        variable,
                        "--log",
                        "ok".equals(key) ? LOG.toString() : key,
                        "--dir",
                        folder.resolve("other").toString());

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains(explanation).doesNotContain("5ec7e7", SECRET);
    }

    @Test
    void aNewKeyIsASecretThatCanBeUsed() {
        StringWriter out = new StringWriter();

        int code = new CommandLine(new WitnessCommand())
                .setOut(new PrintWriter(out))
                .execute("key");

        assertThat(code).isZero();
        assertThat(NoteSecret.signer("w", NoteKey.Kind.COSIGNATURE, out.toString())
                        .key()
                        .name())
                .isEqualTo("w");
    }
}
