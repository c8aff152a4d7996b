package openledger.shipped;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The memory of a container.
 *
 * @param charged what its control group is charged, in bytes; a limit counts this
 * @param resident of its process, in bytes; pages of files that others have read first are in it, but charged to those
 */
record ImageMemory(long charged, long resident) {
    static ImageMemory now(String pid) throws IOException {
        return read(pid, "VmRSS:", "memory.usage_in_bytes", "memory.current");
    }

    /** The most that there was since its start. */
    static ImageMemory peak(String pid) throws IOException {
        return read(pid, "VmHWM:", "memory.max_usage_in_bytes", "memory.peak");
    }

    static ImageMemory most(Stream<ImageMemory> all) {
        return all.max(Comparator.comparingLong(ImageMemory::charged)).orElseThrow();
    }

    /** Of both versions of control groups. */
    private static ImageMemory read(String pid, String resident, String first, String second) throws IOException {
        long bytes = Files.readAllLines(Path.of("/proc", pid, "status")).stream()
                .filter(line -> line.startsWith(resident))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
        for (String line : Files.readAllLines(Path.of("/proc", pid, "cgroup"))) {
            String[] group = line.split(":", 3);
            Path file = group[1].equals("memory")
                    ? Path.of("/sys/fs/cgroup/memory" + group[2], first)
                    : Path.of("/sys/fs/cgroup" + group[2], second);
            if ((group[1].isEmpty() || group[1].equals("memory")) && Files.exists(file)) {
                return new ImageMemory(Long.parseLong(Files.readString(file).strip()), bytes);
            }
        }
        throw new IOException("no control group counts the memory of process " + pid);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "charged %.0f MB, resident %.0f MB", charged / 1e6, resident / 1e6);
    }
}
