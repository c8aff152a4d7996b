package openledger.commitment.verify;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import openledger.commitment.BatchHeader;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedHead;
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
 * Checks what the lane has signed. The promise has to be about this receipt, signed with a signing key of the lane while it was that, and kept:
 * one that was signed and not kept is genuine; it convicts the router, and refutes nothing. The head has to be that of the batch. The
 * registry has the history of the keys.
 */
final class SignatureChecks {
    private final Receipt receipt;
    private final ChainEvidence evidence;

    SignatureChecks(Receipt receipt, ChainEvidence evidence) {
        this.receipt = receipt;
        this.evidence = evidence;
    }

    Finding promise() {
        return receipt.promised()
                .map(this::promise)
                .orElseGet(() -> new Skipped("There is no promise in the receipt."));
    }

    private Finding promise(SignedPromise signed) {
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
        return new Signature(
                        "promise",
                        promise.lane(),
                        signed.signer(),
                        evidence.promiseSigner(),
                        evidence.signerRetiredAt(),
                        OptionalLong.of(promise.signedAt()))
                .finding(whoSigned -> kept(promise, whoSigned));
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

    /** A true signature of another header is not of this receipt. */
    Finding head() {
        return receipt.signedHead()
                .map(this::head)
                .orElseGet(() -> new Skipped("There is no signed head in the receipt."));
    }

    private Finding head(SignedHead signed) {
        return new Signature(
                        "head",
                        signed.head().lane(),
                        signed.signer(),
                        new Said<>(signed.recovered()),
                        evidence.headSignerRetiredAt(),
                        OptionalLong.empty())
                .finding(whoSigned ->
                        new Passed(whoSigned + " of batch " + signed.head().sequence() + "."));
    }

    /**
     * A signature in a receipt that has to be of a key of the lane. The registry has the history of the keys.
     *
     * @param what was signed, in one word
     * @param lane whose key it has to be
     * @param claimed who is said to have signed
     * @param signer whose signature it is; empty if it is nobody's
     * @param retiredAt until when the claimed signer signs for the lane, as {@link ChainEvidence} has it
     * @param signedAt Unix seconds; empty if nothing says when, so that a retired key counts
     */
    private record Signature(
            String what,
            long lane,
            Address claimed,
            NodeTestimony<Optional<Address>> signer,
            NodeTestimony<Long> retiredAt,
            OptionalLong signedAt) {
        /**
         * What was found of it.
         *
         * @param genuine what else there is to find, by who signed, in words, once that is a key of the lane
         */
        Finding finding(Function<String, Finding> genuine) {
            return switch (signer) {
                case Silent<Optional<Address>>(var why) ->
                    new Unchecked("The signer of the " + what + " is not known: " + why);
                case Said<Optional<Address>>(var account)
                when account.isEmpty() -> new Failed("The " + what + "'s signature is not valid.");
                case Said<Optional<Address>>(var account)
                when !account.get().equals(claimed) ->
                    new Failed(signedBy(account.get()) + ", not by " + claimed + " as the receipt says.");
                case Said<Optional<Address>>(var account) -> ofKey(account.get(), genuine);
            };
        }

        private Finding ofKey(Address account, Function<String, Finding> genuine) {
            return switch (retiredAt) {
                case Silent<Long>(var why) ->
                    new Unchecked(
                            signedBy(account) + "; whether that is a signing key of the lane is not known: " + why);
                case Said<Long>(var until)
                when until == 0 ->
                    new Failed(signedBy(account) + ", which never was a signing key of lane " + lane + ".");
                case Said<Long>(var until)
                when signedAt.isPresent() && signedAt.getAsLong() > until ->
                    new Failed(signedBy(account) + " at " + signedAt.getAsLong() + ", but that key was retired at "
                            + until + ".");
                case Said<Long>(var until)
                when until == ChainEvidence.NOT_RETIRED -> genuine.apply("The lane's signing key signed the " + what);
                case Said<Long>(var until) ->
                    genuine.apply("The key that was the lane's signing key until " + until + " signed the " + what);
            };
        }

        private String signedBy(Address account) {
            return "The " + what + " was signed by " + account;
        }
    }
}
