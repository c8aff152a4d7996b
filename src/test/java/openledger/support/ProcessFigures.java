package openledger.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What Linux tells of a process and its descendants, read from {@code /proc}.
 *
 * @param rssBytes resident memory of all
 * @param threads of all
 * @param descriptors that are open in all
 */
public record ProcessFigures(long rssBytes, int threads, int descriptors) {
    private static final Path PROC = Path.of("/proc");
    private static final long KIBI = 1_024;
    private static final ProcessFigures NONE = new ProcessFigures(0, 0, 0);

    /** Of the process {@code pid} and all that it started. */
    public static ProcessFigures of(long pid) throws IOException {
        ProcessFigures sum = one(pid);
        for (ProcessHandle child : ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .toList()) {
            sum = sum.plus(one(child.pid()));
        }
        return sum;
    }

    public double rssMegabytes() {
        return rssBytes / 1e6;
    }

    private ProcessFigures plus(ProcessFigures other) {
        return new ProcessFigures(rssBytes + other.rssBytes, threads + other.threads, descriptors + other.descriptors);
    }

    /** Nothing for one that has just ended. */
    private static ProcessFigures one(long pid) throws IOException {
        Path folder = PROC.resolve(Long.toString(pid));
        if (!Files.exists(folder)) {
            return NONE;
        }
        long rss = 0;
        int threads = 0;
        for (String line : Files.readAllLines(folder.resolve("status"))) {
            if (line.startsWith("VmRSS:")) {
                rss = number(line) * KIBI;
            } else if (line.startsWith("Threads:")) {
                threads = (int) number(line);
            }
        }
        try (Stream<Path> open = Files.list(folder.resolve("fd"))) {
            return new ProcessFigures(rss, threads, (int) open.count());
        }
    }

    private static long number(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }
}
