package openledger.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How the demo ends, in a process of its own. */
final class CleanStopTest {
    private static final String BEGUN = "begun";

    /** What is started: two things, one of which ends by the signal that ends the process; or something that fails. */
    static final class Started {
        private Started() {}

        /** Runs until it is ended, or fails if it is told to. */
        public static void main(String... arguments) throws InterruptedException {
            CleanStop stop = new CleanStop();
            stop.with(() -> System.out.println("closed the first"));
            stop.with(() -> {
                throw new IOException("it was gone");
            });
            stop.with(() -> System.out.println("closed the last"));
            if (arguments.length > 0) {
                stop.failed();
                System.exit(1);
            }
            System.out.println(BEGUN);
            while (true) {
                Thread.sleep(10_000);
            }
        }
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                "target/classes:target/test-classes",
                Started.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    @Test
    void aSignalIsAnsweredWithOneLineAndIsNoFailure() throws Exception {
        Process process = start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).isEqualTo(BEGUN);
            // That of the process would close what it says, too.
            process.toHandle().destroy();

            assertThat(said.lines().filter(line -> !line.isEmpty()))
                    .containsExactly(
                            "Stopping everything ...",
                            "closed the last",
                            "Something did not stop: it was gone",
                            "closed the first");
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void aFailureIsNoCleanStopAndAllIsClosedToo() throws Exception {
        Process process = start("fail");
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.lines())
                    .containsExactly("closed the last", "Something did not stop: it was gone", "closed the first");
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isOne();
    }
}
