package openledger.cli.watch;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;

/** Waits for answers of nodes, on threads that may block. */
final class Patience {
    /** Longer than any question takes, whatever the node does: events are asked for in many ranges. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private Patience() {}

    /** @throws LedgerUnavailable if no node answers */
    static <T> T await(Uni<T> answer) {
        try {
            return answer.ifNoItem()
                    .after(LONGEST)
                    .failWith(() -> new LedgerUnavailable("no node answered within " + LONGEST.toMinutes() + " min"))
                    .await()
                    .indefinitely();
        } catch (LedgerUnavailable e) {
            throw e;
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new LedgerUnavailable("the auditor is stopped");
            }
            throw e;
        }
    }
}
