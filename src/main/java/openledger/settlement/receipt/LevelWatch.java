package openledger.settlement.receipt;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import openledger.commitment.ConfirmationLevel;
import openledger.unit.RequestId;

/** Port: waiting for a request's leaf to reach a level. Safe for several threads. */
public interface LevelWatch {
    /**
     * Completes once the outcome of {@code id} has reached {@code level} or {@code longest} has passed, whichever comes first;
     * at once if the number of waiters is at its bound. Who waited reads the receipt again.
     */
    Uni<Void> await(RequestId id, ConfirmationLevel level, Duration longest);
}
