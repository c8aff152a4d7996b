package openledger.commitment.verify;

import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.tree.MerkleTree;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.commitment.verify.Receipt.Promised;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Misroute;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Skipped;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * Checks that the promise is about this receipt, was signed by an account of the lane, and was kept. A lane can change its account, so a
 * former account of its own counts too; only the registry's events show it. A promise that was signed and not kept is genuine: it convicts
 * the router, and refutes nothing.
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

    private Finding finding(Promised promised) {
        SignedPromise promise = promised.promise();
        BatchHeader header = receipt.header();
        if (!promise.request().equals(receipt.request())
                || promised.lane() != header.lane().value()) {
            return new Failed("The promise is about request " + promise.request() + " of lane " + promised.lane()
                    + ", not about " + receipt.request() + " of lane "
                    + header.lane().value() + ".");
        }
        if (promised.chainId() != header.chainId() || !promised.registry().equals(header.registry())) {
            return new Failed("The promise is for registry " + promised.registry() + " on chain " + promised.chainId()
                    + ", not for " + header.registry() + " on chain " + header.chainId() + ".");
        }
        Hash32 commitment =
                RequestCommitment.of(receipt.request(), receipt.digest().bytes(), receipt.salt());
        if (!promise.commitment().equals(commitment)) {
            return new Failed("The promise is about another body: it has the commitment " + promise.commitment()
                    + ", not " + commitment + ".");
        }
        return switch (evidence.promiseSigner()) {
            case Silent<Optional<Address>>(var why) -> new Unchecked("The signer of the promise is not known: " + why);
            case Said<Optional<Address>>(var signer)
            when signer.isEmpty() -> new Failed("The promise's signature is not valid.");
            case Said<Optional<Address>>(var signer)
            when !signer.get().equals(promised.signer()) ->
                new Failed("The promise was signed by " + signer.get() + ", not by " + promised.signer()
                        + " as the receipt says.");
            case Said<Optional<Address>>(var signer) -> signedBy(signer.get(), promise);
        };
    }

    private Finding signedBy(Address signer, SignedPromise promise) {
        return switch (evidence.committer()) {
            case Said<Address>(var committer)
            when committer.equals(signer) -> kept(promise, "The lane's account signed the promise");
            case Said<Address>(var committer) -> former(signer, committer, promise);
            case Silent<Address>(var why) ->
                new Unchecked("The promise was signed by " + signer
                        + "; whether that is the lane's account is not known: " + why);
        };
    }

    private Finding former(Address signer, Address committer, SignedPromise promise) {
        return switch (evidence.committers()) {
            case Silent<List<Address>>(var why) ->
                new Unchecked("The promise was signed by " + signer + "; the lane's account is " + committer
                        + " now, and which accounts it had before is not known: " + why);
            case Said<List<Address>>(var all)
            when all.contains(signer) ->
                kept(promise, "An account that the lane had before its key was changed signed the promise");
            case Said<List<Address>>(var all) ->
                new Failed("The promise was signed by " + signer + ", but the lane's account is " + committer + ", and "
                        + signer + " never was.");
        };
    }

    private Finding kept(SignedPromise promise, String whoSigned) {
        if (receipt.anchor().isPresent() && receipt.anchor().get().committedAt() > promise.anchorBy()) {
            return new Misroute(whoSigned + ", due by " + promise.anchorBy() + ", but it was committed at "
                    + receipt.anchor().get().committedAt() + ": too late.");
        }
        if (promise.leafHash().equals(Hash32.ZERO) || promise.leafHash().equals(MerkleTree.leafHash(receipt.leaf()))) {
            return new Passed(whoSigned + ", and it was kept.");
        }
        return isOfAPlan()
                ? new Unchecked(whoSigned + "; it is about the request's end, which is in no batch yet.")
                : new Misroute(whoSigned + ", for another leaf than the one in the batch.");
    }

    private boolean isOfAPlan() {
        try {
            return LeafEncoding.decode(receipt.leaf()).stage() instanceof Stage.Planned;
        } catch (IllegalArgumentException notALeaf) {
            return false;
        }
    }
}
