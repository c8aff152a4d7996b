package openledger.http.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs tests in {@code src/test/js} with Node.js; installs what their lock file names, once. */
public final class NodeScripts {
    private static final Path FOLDER = Path.of("src/test/js");
    private static final long MOST_SECONDS = 300;

    private NodeScripts() {}

    /**
     * Runs tests, one after the other, and fails with all that they said if one does.
     *
     * @param environment what they are told
     * @param files of the tests, in that folder; none for all {@code *.test.js}
     */
    public static void test(Map<String, String> environment, String... files) throws IOException, InterruptedException {
        if (!isInstalled()) {
            run(Map.of(), List.of("npm", "ci", "--no-audit", "--no-fund"));
        }
        List<String> command = new ArrayList<>(List.of("node", "--test", "--test-concurrency=1"));
        command.addAll(List.of(files));
        run(environment, command);
    }

    /** npm notes here what it installed, so an older note is of another lock file. */
    private static boolean isInstalled() throws IOException {
        Path note = FOLDER.resolve("node_modules/.package-lock.json");
        Path wanted = FOLDER.resolve("package-lock.json");
        return Files.exists(note) && Files.getLastModifiedTime(note).compareTo(Files.getLastModifiedTime(wanted)) >= 0;
    }

    private static void run(Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile("openledger-" + command.getFirst(), ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(log);

            assertThat(ended)
                    .as("%s takes longer than %d s:%n%s", command, MOST_SECONDS, said)
                    .isTrue();
            assertThat(process.exitValue()).as("%s:%n%s", command, said).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(log);
        }
    }
}
