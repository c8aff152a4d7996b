package openledger.settlement.receipt;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LeafKind;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;

/**
 * Port: signed promises that a request of our lane will have its leaf on chain by a certain time. Signing takes about a
 * millisecond and runs off the event loop; only those who ask for it pay. Safe for several threads.
 */
public interface Promises {
    /** Whether the lane cannot commit, because it has too little at stake: then nothing should be promised. */
    default boolean isShort() {
        return false;
    }

    /**
     * Signs a promise; given only once what it says is durable. The time is now and the configured bound.
     *
     * @param request what the leaf calls its request
     * @param leafHash {@link openledger.commitment.log.LogHasher#entry} of the leaf, if it is known already: then it is this leaf that
     *     is promised
     */
    Uni<SignedPromise> promise(RequestKey request, LeafKind kind, Optional<Hash32> leafHash);
}
