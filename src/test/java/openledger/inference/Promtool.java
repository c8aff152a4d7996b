package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Prometheus' own program for tests of rules. */
record Promtool(Path program) {
    private static final int NO_PROMETHEUS = 3;
    private static final int LIMIT_SECONDS = 180;

    /** Has it unpacked where it is missing; the test is skipped, and says so, on a machine that cannot have it. */
    static Promtool find() throws IOException, InterruptedException {
        Said said = run("scripts/prometheus");
        assumeTrue(said.code != NO_PROMETHEUS, "NOT TESTED, since this machine has no Prometheus: " + said.text);
        assertThat(said.code).as("%s", said.text).isZero();
        List<String> lines = said.text.lines().toList();
        return new Promtool(Path.of(lines.getLast()).resolve("promtool"));
    }

    /** Whether the tests in a file are fulfilled; a file that cannot be read fails. */
    boolean agreesWith(Path file) throws IOException, InterruptedException {
        Said said = run(program.toString(), "test", "rules", file.toString());
        if (said.code != 0) {
            // It says so of an expectation that is not met, and of nothing else.
            assertThat(said.text).contains("FAILED").contains("exp:");
        }
        return said.code == 0;
    }

    private static Said run(String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("openledger-promtool", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            return new Said(process.exitValue(), Files.readString(out));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
        }
    }

    private record Said(int code, String text) {}
}
