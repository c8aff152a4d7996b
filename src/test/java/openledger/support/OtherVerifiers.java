package openledger.support;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import openledger.demo.ChildProcess;

/** The verifiers for clients, in JavaScript and Python, each in a process of its own. */
public final class OtherVerifiers {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path logs;

    /**
     * Builds what is built of them.
     *
     * @param logs for what they print
     */
    public OtherVerifiers(Path logs) throws IOException, InterruptedException {
        this.logs = logs;
        ChildProcess build = ChildProcess.start("js-build", logs, Map.of(), List.of("node", "clients/js/build.js"));
        if (build.awaitEnd(LIMIT) != 0) {
            throw new IOException("clients/js was not built: " + build.lastLines());
        }
    }

    /** What one of them said. */
    public record Said(String language, int code, List<String> lines) {}

    /** What each says of a file, with the options of {@code openledger verify}. */
    public List<Said> verify(String name, Path receipt, List<String> options) throws IOException, InterruptedException {
        return List.of(
                said("JavaScript", "js-" + name, Map.of(), List.of("node", "clients/js/cli.js"), receipt, options),
                said(
                        "Python",
                        "python-" + name,
                        Map.of("PYTHONPATH", "clients/python"),
                        List.of("python3", "-m", "openledger_verify"),
                        receipt,
                        options));
    }

    private Said said(
            String language,
            String name,
            Map<String, String> environment,
            List<String> program,
            Path receipt,
            List<String> options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program);
        command.add(receipt.toString());
        command.addAll(options);
        ChildProcess verify = ChildProcess.start(name, logs, environment, command);
        return new Said(language, verify.awaitEnd(LIMIT), verify.lines());
    }
}
