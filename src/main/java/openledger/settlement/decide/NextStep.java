package openledger.settlement.decide;

import java.util.List;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.BatchStore.Unsettled;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.SignedTransaction;
import openledger.unit.Hash32;

/** A next step of settlement. */
public sealed interface NextStep {
    /** Opens the lane. */
    record OpenLane(long nonce) implements NextStep {}

    /** Makes our key the one that signs the lane's promises. */
    record SetSigner(long nonce) implements NextStep {}

    /** Publishes a policy that the next batch needs. */
    record PublishPolicy(Hash32 policy, long nonce) implements NextStep {}

    /**
     * Signs a transaction for a batch and sends it.
     *
     * @param replaces the transaction of ours with that nonce which it has to outbid, if there may be one
     */
    record Send(Unsettled batch, long nonce, Optional<SignedTransaction> replaces) implements NextStep {}

    /** Sends bytes again that are kept. */
    record SendAgain(Unsettled batch, SignedTransaction transaction) implements NextStep {}

    /** Signs the transaction that is first in line, or behind such a one, anew, with more to offer. */
    record Replace(Unsettled batch, SignedTransaction stuck) implements NextStep {}

    /** From this batch on the chain has forgotten everything. */
    record Demote(long from) implements NextStep {}

    /** A batch has come further. */
    record Promote(Unsettled batch, ConfirmationLevel to, Inclusion inclusion) implements NextStep {}

    /** A commit reverted: whatever the reason, trying at once again would only burn gas. */
    record Reverted(Unsettled batch) implements NextStep {}

    /** Reads batches from the store that are needed again. */
    record Load(long from) implements NextStep {}

    /** The chain is not to be believed yet: it is shorter than it was. */
    record AwaitChain() implements NextStep {}

    /** We must not or cannot commit; {@code reason} is for the operator. */
    record Halt(String reason) implements NextStep {}

    /** We may commit, but promises are worth nothing until the operator has done what {@code reason} says. */
    record Warn(String reason) implements NextStep {}

    /** Steps without effect on the chain or the lane come to nothing. */
    List<NextStep> NONE = List.of();
}
