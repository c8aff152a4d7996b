package openledger.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** JavaScript SDKs, unmodified: runs the tests in {@code src/test/js} with Node.js against the router. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class JavaScriptSdksTest {
    private static final Path SCRIPTS = Path.of("src/test/js");
    private static final long MOST_SECONDS = 300;

    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void theSdksOfOpenAiAnthropicAndVercelWorkUnmodified() throws IOException, InterruptedException {
        if (!isInstalled()) {
            run("npm", "ci", "--no-audit", "--no-fund");
        }

        run("node", "--test", "--test-concurrency=1");
    }

    /** npm notes here what it installed, so an older note is of another lock file. */
    private static boolean isInstalled() throws IOException {
        Path note = SCRIPTS.resolve("node_modules/.package-lock.json");
        Path wanted = SCRIPTS.resolve("package-lock.json");
        return Files.exists(note) && Files.getLastModifiedTime(note).compareTo(Files.getLastModifiedTime(wanted)) >= 0;
    }

    private void run(String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("openledger-" + command[0], ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("OPENLEDGER_URL", "http://" + router.getAuthority());
        builder.environment().put("OPENLEDGER_KEY", RouterUnderTest.KEY);
        builder.environment().put("OPENLEDGER_SIMULATORS", simulators());
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(log);

            assertThat(ended)
                    .as("%s takes longer than %d s:%n%s", List.of(command), MOST_SECONDS, said)
                    .isTrue();
            assertThat(process.exitValue())
                    .as("%s:%n%s", List.of(command), said)
                    .isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(log);
        }
    }

    private static String simulators() {
        return RouterUnderTest.providers().stream()
                .map(provider -> provider.baseUrl().replace("/v1", ""))
                .collect(Collectors.joining(","));
    }
}
