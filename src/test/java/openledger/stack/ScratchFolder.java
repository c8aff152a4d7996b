package openledger.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for the data of one run, which may be gigabytes. It is gone when the process has ended. */
final class ScratchFolder {
    private ScratchFolder() {}

    /** Makes {@code openledger-<purpose>…} among the machine's temporary files. */
    static Path make(String purpose) throws IOException {
        Path folder = Files.createTempDirectory("openledger-" + purpose);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        return folder;
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException stillInUse) {
            System.err.println("Left behind: " + folder + " (" + stillInUse + ")");
        }
    }
}
