package openledger.settlement.receipt;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/**
 * Port: signed promises that a request of our lane will have its leaf on chain by a certain time. Signing takes about a
 * millisecond and runs off the event loop; only those who ask for it pay. Safe for several threads.
 */
public interface Promises {
    /**
     * Signs a promise; given only once what it says is durable. The time is now and the configured bound.
     *
     * @param requestCommitment {@link openledger.commitment.leaf.RequestCommitment} of the request
     * @param leafHash keccak-256 of the leaf, if it is known already: then it is this leaf that is promised
     */
    Uni<SignedReceipt> promise(RequestId request, Hash32 requestCommitment, Optional<Hash32> leafHash);
}
