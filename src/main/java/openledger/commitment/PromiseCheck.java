package openledger.commitment;

import openledger.commitment.Receipt.Promised;
import openledger.commitment.ReceiptVerification.Finding;
import openledger.commitment.ReceiptVerification.Finding.Failed;
import openledger.commitment.ReceiptVerification.Finding.Passed;
import openledger.commitment.ReceiptVerification.Finding.Skipped;
import openledger.commitment.ReceiptVerification.Finding.Unchecked;
import openledger.commitment.Testimony.Said;
import openledger.commitment.Testimony.Silent;
import openledger.unit.Address;
import openledger.unit.Hash32;

/** Whether what was signed is about this receipt, was signed by the lane, and was kept. */
final class PromiseCheck {
    private final Receipt receipt;
    private final ChainEvidence evidence;

    PromiseCheck(Receipt receipt, ChainEvidence evidence) {
        this.receipt = receipt;
        this.evidence = evidence;
    }

    Finding finding() {
        if (receipt.promised().isEmpty()) {
            return new Skipped("The receipt is not signed; none was asked for.");
        }
        SignedPromise promise = receipt.promised().map(Promised::promise).get();
        if (!promise.request().equals(receipt.request())) {
            return new Failed(
                    "What was signed is about request " + promise.request() + ", not about " + receipt.request() + ".");
        }
        Hash32 commitment =
                RequestCommitment.of(receipt.request(), receipt.digest().bytes(), receipt.salt());
        if (!promise.commitment().equals(commitment)) {
            return new Failed("What was signed is about another body: it has the commitment " + promise.commitment()
                    + ", not " + commitment + ".");
        }
        if (!promise.leafHash().equals(Hash32.ZERO)
                && !promise.leafHash().equals(MerkleTree.leafHash(receipt.leaf()))) {
            return new Failed("What was signed is another leaf than the one in the batch.");
        }
        if (receipt.anchor().isPresent() && receipt.anchor().get().committedAt() > promise.anchorBy()) {
            return new Failed("It was promised by " + promise.anchorBy() + " and committed at "
                    + receipt.anchor().get().committedAt() + ": too late.");
        }
        return signer();
    }

    private Finding signer() {
        if (!(evidence.promiseSigner() instanceof Said<Address>(var signer))) {
            return new Unchecked("Who signed the promise could not be found out.");
        }
        return switch (evidence.committer()) {
            case Silent<Address>(var why) ->
                new Unchecked("The promise was signed by " + signer
                        + "; whether that is the lane's account is not known: " + why);
            case Said<Address>(var committer)
            when committer.equals(signer) -> new Passed("The lane's account signed the promise, and it was kept.");
            case Said<Address>(var committer) ->
                new Failed("The promise was signed by " + signer + ", but the lane's account is " + committer + ".");
        };
    }
}
