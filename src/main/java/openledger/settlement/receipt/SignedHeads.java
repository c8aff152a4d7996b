package openledger.settlement.receipt;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import openledger.commitment.SignedHead;

/** Port: the signed heads of our lane's batches. Safe for several threads. */
public interface SignedHeads {
    /**
     * The signed head of a batch; empty if the batch is not of our lane, if it is not on chain, or if it cannot be signed now. Never fails;
     * completes on any thread, within seconds.
     */
    Uni<Optional<SignedHead>> of(SettledBatch batch);
}
