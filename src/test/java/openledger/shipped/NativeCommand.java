package openledger.shipped;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import openledger.demo.ChildProcess;
import openledger.support.CheckFailed;

/** The native executable, as somebody at a terminal uses it. */
record NativeCommand(Path executable, Path folder) {
    private static final Path BUILT = Path.of("target/production");
    private static final int LONGEST_SECONDS = 30;

    /** The one that was built. */
    static NativeCommand built(Path folder) throws IOException, CheckFailed {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(BUILT, "*-runner")) {
            for (Path file : found) {
                return new NativeCommand(file.toAbsolutePath(), folder);
            }
        }
        throw new CheckFailed("there is no native executable in target/production: run `make native` first");
    }

    /** Starts what runs until it is told to stop. */
    ChildProcess start(String name, Map<String, String> environment, String... arguments) throws IOException {
        return ChildProcess.start(name, folder, environment, line(arguments));
    }

    /** Runs a command to its end; what it printed. */
    String run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException, CheckFailed {
        Path out = folder.resolve("out");
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(line(arguments));
        builder.environment().putAll(environment);
        Process process = builder.redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                throw new CheckFailed("it has not ended after " + LONGEST_SECONDS + " s");
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new CheckFailed("it ended with " + process.exitValue() + ": " + Files.readString(errors));
        }
        return Files.readString(out);
    }

    private List<String> line(String... arguments) {
        List<String> line = new ArrayList<>(List.of(executable.toString()));
        line.addAll(List.of(arguments));
        return line;
    }
}
