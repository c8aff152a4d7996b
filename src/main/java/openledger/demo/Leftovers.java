package openledger.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ensures that nothing outlives {@code make run}, however that ends: every process it starts inherits a mark, and a guard, which lives
 * until its input ends, ends all that have the mark. A run that finds what an earlier one has left ends it first.
 */
final class Leftovers {
    /** The variable of the environment that {@code scripts/stack} sets. */
    static final String MARK = "OPENLEDGER_STACK";

    private static final Path SWEEP = Path.of("scripts/sweep").toAbsolutePath();

    /** Held until the process ends: were they let go, the lock and the guard's input could be closed with them. */
    private static @Nullable FileLock alone;

    private static @Nullable Process guard;

    private Leftovers() {}

    /** Makes this process the only run in a folder; throws if another one is at it. Given back when the process ends. */
    static void requireAlone(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel lock =
                FileChannel.open(folder.resolve("run.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        alone = lock.tryLock();
        if (alone == null) {
            lock.close();
            throw new IOException("'make run' is already running in "
                    + folder.toAbsolutePath().getParent() + ": stop it with Ctrl-C where it was started.");
        }
    }

    /** Ends what an earlier run has left, and stays on guard for this one. */
    static void guard(Path postgres) throws IOException, InterruptedException {
        String mark = System.getenv(MARK);
        if (mark == null || !Files.isDirectory(Path.of("/proc/self"))) {
            return;
        }
        List<String> sweep =
                List.of(SWEEP.toString(), mark, postgres.toAbsolutePath().toString());
        List<String> now = new ArrayList<>(sweep);
        now.add(Long.toString(ProcessHandle.current().pid()));
        unmarked(now).inheritIO().start().waitFor();
        List<String> later = new ArrayList<>(List.of(sweep.getFirst(), "--guard"));
        later.addAll(sweep.subList(1, sweep.size()));
        // A session of its own: what kills this group does not reach it.
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            later.addFirst("/usr/bin/setsid");
        }
        guard = unmarked(later)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!guard.isAlive()) {
            throw new IOException("The guard of this run has ended.");
        }
    }

    private static ProcessBuilder unmarked(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove(MARK);
        return builder;
    }
}
