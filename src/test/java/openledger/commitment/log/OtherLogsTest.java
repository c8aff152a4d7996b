package openledger.commitment.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Implementations that are not ours read our vectors; said, not failed, where there is no Go or its libraries cannot be had. */
@Tag("long")
final class OtherLogsTest {
    private static final Path PROGRAM = Path.of("src/test/go/logvectors");
    private static final long LIMIT_MINUTES = 5;

    @Test
    void agreeWithTheVectors() throws Exception {
        Path go = Stream.of((System.getenv("PATH") + ":/usr/local/go/bin").split(":"))
                .map(folder -> Path.of(folder, "go"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of(""));
        assumeTrue(Files.isExecutable(go), "no other log has read the vectors: there is no Go on the PATH");
        assumeTrue(
                run(go, "mod", "download").status == 0,
                "no other log has read the vectors: Go's libraries cannot be had");

        Ran ran = run(
                go,
                "run",
                ".",
                Path.of("contracts/vectors/log.json").toAbsolutePath().toString());

        assertThat(ran.output).endsWith("checks agree\n");
        assertThat(ran.status).isZero();
    }

    private record Ran(int status, String output) {}

    private static Ran run(Path go, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("other-logs", ".txt");
        try {
            Process process = new ProcessBuilder(Stream.concat(Stream.of(go.toString()), Stream.of(arguments))
                            .toList())
                    .directory(PROGRAM.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
                return new Ran(-1, "not done within " + LIMIT_MINUTES + " minutes");
            }
            return new Ran(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }
}
