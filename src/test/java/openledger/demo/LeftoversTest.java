package openledger.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run has started ends with it, and what an interrupted run has left does not keep the next one from its start. */
final class LeftoversTest {
    private static final int PATIENCE_SECONDS = 60;

    private final String mark = "test-" + UUID.randomUUID();
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void theGuardEndsWhatHasTheMarkOnceItsInputEnds(@TempDir Path data) throws IOException, InterruptedException {
        Process marked = sleeping(mark);
        Process deaf = start(mark, "bash", "-c", "trap '' INT; sleep 1000 & wait");
        Process other = sleeping(mark + "x");
        Process guard = start("", "scripts/sweep", "--guard", mark, data.toString());
        assertThat(guard.isAlive()).isTrue();
        assertThat(marked.isAlive()).isTrue();

        guard.getOutputStream().close();

        assertThat(guard.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(marked.isAlive()).isFalse();
        assertThat(deaf.isAlive()).isFalse();
        assertThat(other.isAlive()).isTrue();
    }

    @Test
    void aSweepSparesWhoAsksForItAndStrangersWhoseNumberIsInAnOldFile(@TempDir Path data)
            throws IOException, InterruptedException {
        Process asks = sleeping(mark);
        Process left = sleeping(mark);
        Process stranger = sleeping("");
        Files.writeString(data.resolve("postmaster.pid"), stranger.pid() + "\n");

        Process sweep = start("", "scripts/sweep", mark, data.toString(), Long.toString(asks.pid()));

        assertThat(sweep.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(left.isAlive()).isFalse();
        assertThat(asks.isAlive()).isTrue();
        assertThat(stranger.isAlive()).isTrue();
    }

    @Test
    void aFirstStartThatWasInterruptedIsBegunAnew(@TempDir Path folder) throws IOException, SQLException {
        Path data = Files.createDirectories(folder.resolve("postgres"));
        Files.writeString(data.resolve("PG_VERSION"), "17\n");
        Files.createDirectories(data.resolve("base"));
        Files.createFile(folder.resolve("postgres.unfinished"));

        try (LocalPostgres postgres = LocalPostgres.start(data, 0)) {
            assertThat(postgres.setting("fsync")).isEqualTo("on");
        }
        assertThat(folder.resolve("postgres.unfinished")).doesNotExist();
    }

    @Test
    void anOldNumberOfAStrangerIsNoPostmaster(@TempDir Path folder) throws IOException, SQLException {
        Path data = folder.resolve("postgres");
        LocalPostgres.start(data, 0).close();
        Process stranger = sleeping("");
        Files.writeString(data.resolve("postmaster.pid"), stranger.pid() + "\n" + data + "\n");

        try (LocalPostgres postgres = LocalPostgres.start(data, 0)) {
            assertThat(postgres.setting("fsync")).isEqualTo("on");
        }
        assertThat(stranger.isAlive()).isTrue();
    }

    private Process sleeping(String of) throws IOException {
        return start(of, "sleep", "1000");
    }

    private Process start(String of, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put(Leftovers.MARK, of);
        Process process = builder.start();
        started.add(process);
        return process;
    }
}
