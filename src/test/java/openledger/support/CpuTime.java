package openledger.support;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import openledger.demo.LocalPostgres;

/**
 * Processor time of some processes and their children. What a child used that has ended is lost. Thread-safe.
 *
 * @param roots the processes
 */
public record CpuTime(List<ProcessHandle> roots) {
    public CpuTime {
        roots = List.copyOf(roots);
    }

    /** Of a database and the processes of these numbers. */
    public static CpuTime of(LocalPostgres postgres, long... pids) throws IOException {
        List<ProcessHandle> roots = new ArrayList<>(of(pids).roots);
        roots.add(postgres.postmaster());
        return new CpuTime(roots);
    }

    /** Of the processes of these numbers. */
    public static CpuTime of(long... pids) throws IOException {
        List<ProcessHandle> roots = new ArrayList<>();
        for (long pid : pids) {
            roots.add(ProcessHandle.of(pid).orElseThrow(() -> new IOException("no process " + pid)));
        }
        return new CpuTime(roots);
    }

    /** What they have used since they began. */
    public Duration sofar() {
        return roots.stream()
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }
}
