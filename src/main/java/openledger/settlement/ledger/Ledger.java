package openledger.settlement.ledger;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import openledger.unit.Hash32;
import openledger.unit.Wei;

/**
 * Port: the chain with our registry. One account, one writer. Never blocks; every call has a time-out. Calls that only read
 * fail with {@link LedgerUnavailable} if no node answers; sending never fails, because what became of it is an outcome.
 */
public interface Ledger {
    /** The chain as it is now, all of it at one block. */
    Uni<LedgerView> view();

    /** Whether our lane has published a policy of that hash. */
    Uni<Published> published(Hash32 policyHash);

    /**
     * Why the lane's gate would refuse a commit now, if it is because the lane's stake is too small; empty if the commit would pass, or
     * would fail for another reason.
     */
    default Uni<Optional<String>> stakeShort(LedgerCall.Commit commit) {
        return Uni.createFrom().item(Optional.empty());
    }

    /** What a unit of gas should be offered now; never more than the configured cap. */
    Uni<Fees> fees();

    /** Makes and signs a transaction. Takes about a millisecond and runs off the event loop. */
    Uni<SignedTransaction> sign(LedgerCall call, long nonce, Fees fees);

    /** Sends a transaction, again if need be. */
    Uni<Submission> submit(SignedTransaction transaction);

    /** The receipt of a transaction, if there is one. */
    Uni<Optional<Inclusion>> inclusion(Hash32 transaction);

    /** Hash of the canonical block of each number, in order; empty where there is none. */
    Uni<List<Optional<Hash32>>> canonical(List<Long> numbers);

    /** Calls {@code told} after each new block, at most once per block; at the poll interval where no block is announced. */
    void onNewHead(Runnable told);

    /** Whether something is on chain. */
    enum Published {
        YES,
        NO
    }

    /** Most wei a unit of gas, and what of that is for the sequencer; as in EIP-1559. */
    record Fees(Wei maxFee, Wei priorityFee) {}

    /** No node gave an answer. */
    final class LedgerUnavailable extends RuntimeException {
        public LedgerUnavailable(String message) {
            super(message, null, false, false);
        }
    }
}
