package openledger.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import openledger.demo.ChildProcess;

/** Installs a peer with its registry's own client, once: a marker says what is there. */
public final class PeerInstall {
    private static final Duration LONGEST = Duration.ofMinutes(8);
    private static final int LAST_LINES = 3;

    private static final Pattern ERROR = Pattern.compile("(?i)error|failed|cause");

    private PeerInstall() {}

    /** Why it cannot be had, or empty once {@code commands} have run in {@code folder}, now or at an earlier time. */
    static Optional<String> run(Path folder, String version, List<List<String>> commands)
            throws IOException, InterruptedException {
        Path marker = folder.resolve("installed");
        if (Files.exists(marker) && Files.readString(marker).equals(version)) {
            return Optional.empty();
        }
        System.out.println("  installing " + version + " below " + folder + " ...");
        Files.createDirectories(folder);
        for (List<String> command : commands) {
            Optional<String> failure = one(folder, command);
            if (failure.isPresent()) {
                return failure;
            }
        }
        Files.writeString(marker, version);
        return Optional.empty();
    }

    private static Optional<String> one(Path folder, List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("install.log");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException missing) {
            return Optional.of("'" + command.getFirst() + "' is missing");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return Optional.of("its installation took over " + LONGEST.toMinutes() + " minutes");
        }
        return process.exitValue() == 0
                ? Optional.empty()
                : Optional.of("not to be had here: " + end(Files.readAllLines(log)));
    }

    /** What a log says went wrong, or its end, in one line. */
    public static String end(List<String> lines) {
        List<String> errors =
                lines.stream().filter(line -> ERROR.matcher(line).find()).toList();
        List<String> said = (errors.isEmpty() ? lines : errors)
                .stream().filter(line -> !line.isBlank()).map(String::strip).toList();
        return String.join(" / ", said.subList(Math.max(0, said.size() - LAST_LINES), said.size()))
                .strip();
    }

    /** Waits for a started gateway; if it does not come up it is ended, and its own last words are returned. */
    public static Optional<String> await(ChildProcess process, String url) throws InterruptedException {
        try {
            process.awaitReady(url);
            return Optional.empty();
        } catch (IOException failed) {
            process.close();
            return Optional.of(end(String.valueOf(failed.getMessage()).lines().toList()));
        }
    }
}
