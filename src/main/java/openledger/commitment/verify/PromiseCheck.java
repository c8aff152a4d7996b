package openledger.commitment.verify;

import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.log.LogHasher;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.commitment.verify.Receipt.Committed;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Misroute;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Skipped;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;

/**
 * Checks that the promise is about this receipt, was signed with a signing key of the lane while it was that, and was kept. The registry has
 * the history of the keys. A promise that was signed and not kept is genuine: it convicts the router, and refutes nothing.
 */
final class PromiseCheck {
    private final Receipt receipt;
    private final ChainEvidence evidence;

    PromiseCheck(Receipt receipt, ChainEvidence evidence) {
        this.receipt = receipt;
        this.evidence = evidence;
    }

    Finding finding() {
        return receipt.promised()
                .map(this::finding)
                .orElseGet(() -> new Skipped("There is no promise in the receipt."));
    }

    private Finding finding(SignedPromise signed) {
        LeafPromise promise = signed.promise();
        BatchHeader header = receipt.header();
        if (promise.lane() != header.lane().value()) {
            return new Failed("The promise is of lane " + promise.lane() + ", not of lane "
                    + header.lane().value() + ".");
        }
        if (signed.chainId() != header.chainId() || !signed.registry().equals(header.registry())) {
            return new Failed("The promise is for registry " + signed.registry() + " on chain " + signed.chainId()
                    + ", not for " + header.registry() + " on chain " + header.chainId() + ".");
        }
        RequestKey request =
                RequestCommitment.of(receipt.request(), receipt.digest().bytes(), receipt.salt());
        if (!promise.request().equals(request)) {
            return new Failed("The promise is about another request or another body: it has the key "
                    + promise.request() + ", not " + request + ".");
        }
        if (promise.anchorBy() < promise.signedAt() || promise.anchorBy() - promise.signedAt() > LeafPromise.LONGEST) {
            return new Failed("The promise was signed at " + promise.signedAt() + " and is due by " + promise.anchorBy()
                    + ": a promise is for an hour at most.");
        }
        return switch (evidence.promiseSigner()) {
            case Silent<Optional<Address>>(var why) -> new Unchecked("The signer of the promise is not known: " + why);
            case Said<Optional<Address>>(var signer)
            when signer.isEmpty() -> new Failed("The promise's signature is not valid.");
            case Said<Optional<Address>>(var signer)
            when !signer.get().equals(signed.signer()) ->
                new Failed("The promise was signed by " + signer.get() + ", not by " + signed.signer()
                        + " as the receipt says.");
            case Said<Optional<Address>>(var signer) -> signedBy(signer.get(), promise);
        };
    }

    private Finding signedBy(Address signer, LeafPromise promise) {
        return switch (evidence.signerRetiredAt()) {
            case Silent<Long>(var why) ->
                new Unchecked("The promise was signed by " + signer
                        + "; whether that is a signing key of the lane is not known: " + why);
            case Said<Long>(var until)
            when until == 0 ->
                new Failed("The promise was signed by " + signer + ", which never was a signing key of lane "
                        + promise.lane() + ".");
            case Said<Long>(var until)
            when promise.signedAt() > until ->
                new Failed("The promise was signed by " + signer + " at " + promise.signedAt()
                        + ", but that key was retired at " + until + ".");
            case Said<Long>(var until)
            when until == ChainEvidence.NOT_RETIRED -> kept(promise, "The lane's signing key signed the promise");
            case Said<Long>(var until) ->
                kept(promise, "The key that was the lane's signing key until " + until + " signed the promise");
        };
    }

    private Finding kept(LeafPromise promise, String whoSigned) {
        Optional<Committed> promised = leafOf(promise.kind());
        if (promised.isEmpty()) {
            return new Unchecked(
                    whoSigned + "; it is about the request's " + promise.kind() + ", which the receipt does not have.");
        }
        Committed there = promised.get();
        if (there.anchor().isPresent() && there.anchor().get().committedAt() > promise.anchorBy()) {
            return new Misroute(whoSigned + ", due by " + promise.anchorBy() + ", but it was committed at "
                    + there.anchor().get().committedAt() + ": too late.");
        }
        return promise.leafHash().equals(Hash32.ZERO) || promise.leafHash().equals(new LogHasher().entry(there.leaf()))
                ? new Passed(whoSigned + ", and it was kept.")
                : new Misroute(whoSigned + ", for another leaf than the one in the batch.");
    }

    private Optional<Committed> leafOf(LeafKind kind) {
        return LeafKind.of(receipt.leaf(), 0) == kind
                ? Optional.of(receipt.committed())
                : receipt.plan().filter(plan -> LeafKind.of(plan.leaf(), 0) == kind);
    }
}
