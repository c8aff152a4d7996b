package openledger.settlement.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.commitment.log.SignedNote.Standing;
import openledger.identity.NoteSecret;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;

/** Checkpoints are signed once, on a worker. */
final class LogSignerTest {
    private static final NoteSigner KEY =
            NoteSecret.signer("router.example/1", NoteKey.Kind.NOTE, "00".repeat(NoteSigner.SEED_BYTES));
    private static final Hash32 ROOT = new LogHasher().entry(new byte[1]);

    private final List<Runnable> work = new ArrayList<>();
    private boolean isFull;
    private final LogSigner signer = new LogSigner(
            KEY,
            task -> {
                if (isFull) {
                    throw new RejectedExecutionException();
                }
                work.add(task);
                task.run();
            },
            () -> Instant.EPOCH);

    @Test
    void signsACheckpointOnce() {
        SignedNote first = checkpoint(7);

        assertThat(checkpoint(7)).isSameAs(first);
        assertThat(work).hasSize(1);
        assertThat(first.standing(KEY.key())).isEqualTo(Standing.SIGNED);
        assertThat(checkpoint(8).text()).startsWith("router.example/1\n8\n");
        assertThat(work).hasSize(2);
    }

    @Test
    void keepsTheNewestOnesOnly() {
        for (int size = 1; size <= 1_025; size++) {
            checkpoint(size);
        }
        work.clear();

        checkpoint(1_025);
        checkpoint(2);
        assertThat(work).isEmpty();
        checkpoint(1);
        assertThat(work).hasSize(1);
    }

    @Test
    void triesAgainAfterTheWorkersWereFull() {
        isFull = true;
        assertThatThrownBy(() -> checkpoint(7)).isInstanceOf(RejectedExecutionException.class);
        isFull = false;

        assertThat(checkpoint(7).standing(KEY.key())).isEqualTo(Standing.SIGNED);
    }

    private SignedNote checkpoint(long size) {
        return signer.checkpoint(size, ROOT).await().atMost(Duration.ofSeconds(10));
    }
}
