package openledger.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for the data of one run, which may be gigabytes. It is gone when the process has ended. */
public final class ScratchFolder {
    private static final long LONGEST_END_MILLIS = 20_000;
    private static final long LOOK_MILLIS = 50;
    /** A database has its folder, or one below it. */
    private static final int DEPTH = 3;

    private ScratchFolder() {}

    /** Makes {@code openledger-<purpose>…} among the machine's temporary files. */
    public static Path make(String purpose) throws IOException {
        Path folder = Files.createTempDirectory("openledger-" + purpose);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        return folder;
    }

    private static void delete(Path folder) {
        try {
            awaitDatabases(folder);
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            }
        } catch (IOException stillInUse) {
            System.err.println("Left behind: " + folder + " (" + stillInUse + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What stops a database stands in the same folder, and stops it at the same time. */
    private static void awaitDatabases(Path folder) throws IOException, InterruptedException {
        for (long waited = 0; waited < LONGEST_END_MILLIS && hasDatabase(folder); waited += LOOK_MILLIS) {
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private static boolean hasDatabase(Path folder) throws IOException {
        try (Stream<Path> lock = Files.find(folder, DEPTH, (path, is) -> path.endsWith("postmaster.pid"))) {
            return lock.findAny().isPresent();
        }
    }
}
