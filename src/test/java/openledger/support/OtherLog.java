package openledger.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program in Go that knows logs by implementations that are not ours; said, not failed, where it cannot be run. */
public final class OtherLog {
    private static final Path PROGRAM = Path.of("src/test/go/logvectors");
    private static final long LIMIT_MINUTES = 5;

    private final Path go;

    private OtherLog(Path go) {
        this.go = go;
    }

    /** What became of a run. */
    public record Ran(int status, String output) {}

    /** The program; ends the test that asks if there is no Go, or its libraries cannot be had. */
    public static OtherLog orSkip() throws IOException, InterruptedException {
        Path go = Stream.of((System.getenv("PATH") + ":/usr/local/go/bin").split(":"))
                .map(folder -> Path.of(folder, "go"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of(""));
        assumeTrue(Files.isExecutable(go), "no other log has read ours: there is no Go on the PATH");
        OtherLog program = new OtherLog(go);
        assumeTrue(
                program.go("mod", "download").status == 0, "no other log has read ours: Go's libraries cannot be had");
        return program;
    }

    /** Runs it to its end. */
    public Ran run(String... arguments) throws IOException, InterruptedException {
        return go(Stream.concat(Stream.of("run", "."), Stream.of(arguments)).toArray(String[]::new));
    }

    private Ran go(String... arguments) throws IOException, InterruptedException {
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
