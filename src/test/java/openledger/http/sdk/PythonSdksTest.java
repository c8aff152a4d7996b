package openledger.http.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import openledger.access.KeyDigest;
import openledger.http.RouterUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Python SDKs, unmodified: runs the tests in {@code src/test/python} against the router. Nothing else of the project needs Python, so where
 * it or its packages cannot be had the test is skipped and says so.
 */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class PythonSdksTest {
    private static final Path FOLDER = Path.of("src/test/python");
    private static final Path VENV = Path.of("target/python-sdks");
    private static final long MOST_SECONDS = 300;

    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void theSdkOfOpenAiAndLangChainWorkUnmodified() throws IOException, InterruptedException {
        assumeThat(install()).as("Python 3.11 or later with its packages").isEmpty();

        Ran tests = run(
                Map.of(
                        "OPENLEDGER_URL",
                        "http://" + router.getAuthority(),
                        "OPENLEDGER_KEY",
                        RouterUnderTest.KEY,
                        "OPENLEDGER_SIMULATORS",
                        RouterUnderTest.providers().stream()
                                .map(provider -> provider.baseUrl().replace("/v1", ""))
                                .collect(Collectors.joining(","))),
                List.of(python(), FOLDER.resolve("test_sdks.py").toString()));

        assertThat(tests.code()).as(tests.said()).isZero();
        assertThat(tests.said()).contains("OK");
    }

    private static String python() {
        return VENV.resolve("bin/python").toString();
    }

    /** Why the packages cannot be had; empty if they are there. */
    private static String install() throws IOException, InterruptedException {
        Path list = FOLDER.resolve("requirements.txt");
        Path note = VENV.resolve("installed");
        String wanted = KeyDigest.of(Files.readString(list)).hex();
        if (Files.exists(note) && Files.readString(note).equals(wanted)) {
            return "";
        }
        Ran made = run(Map.of(), List.of("python3", "-m", "venv", "--clear", VENV.toString()));
        if (made.code() != 0) {
            return made.said();
        }
        Ran installed = run(
                Map.of(),
                List.of(
                        python(),
                        "-m",
                        "pip",
                        "install",
                        "-q",
                        "--disable-pip-version-check",
                        "--only-binary",
                        ":all:",
                        "--require-hashes",
                        "--no-deps",
                        "-r",
                        list.toString()));
        if (installed.code() != 0) {
            return installed.said();
        }
        Files.writeString(note, wanted);
        return "";
    }

    /** How a program ended, and all that it said. */
    private record Ran(int code, String said) {}

    private static Ran run(Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile("openledger-python", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try {
                boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
                String said = Files.readString(log);
                return new Ran(ended ? process.exitValue() : -1, ended ? said : "it takes too long: " + said);
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException none) {
            return new Ran(-1, "there is no " + command.getFirst());
        } finally {
            Files.delete(log);
        }
    }
}
