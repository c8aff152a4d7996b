package openledger.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StopDeadlineTest {
    private static final int PATIENCE_SECONDS = 60;

    /** A process one part of whose stop never ends; its main method is run by the test. */
    static final class Stuck {
        private Stuck() {}

        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(Stuck::waitForEver));
            StopDeadline.watch(Duration.ofMillis(100));
            System.exit(0);
        }

        private static void waitForEver() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException never) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aStopThatDoesNotEndIsCutOff() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stuck.class.getName()))
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(said).isEqualTo(StopDeadline.EXIT);
            assertThat(said).contains("did not end");
        } finally {
            process.destroyForcibly();
        }
    }
}
