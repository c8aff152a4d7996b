package openledger.commitment.verify;

import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafRules;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogHasher;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Skipped;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;

/** The checks of a receipt that need no chain. */
final class OfflineChecks {
    private static final Finding UNREADABLE = new Unchecked("The leaf cannot be read.");

    private final Receipt receipt;
    private final Own own;

    OfflineChecks(Receipt receipt, Own own) {
        this.receipt = receipt;
        this.own = own;
    }

    void addTo(List<Check> checks) {
        try {
            Leaf leaf = LeafEncoding.decode(receipt.leaf());
            checks.add(new Check(Subject.LEAF, new Passed("The leaf has the form of version 2.")));
            checks.add(new Check(Subject.COMMITMENT, commitment(leaf)));
            checks.add(new Check(Subject.REQUEST, request()));
            checks.add(new Check(Subject.ANSWER, answer(leaf)));
            checks.add(new Check(Subject.RESPONSE, response()));
            checks.add(new Check(Subject.STORY, LeafRecord.finding(receipt, leaf)));
            checks.add(new Check(Subject.BATCH, batch(leaf)));
        } catch (IllegalArgumentException notALeaf) {
            checks.add(new Check(
                    Subject.LEAF, new Failed("These are not the bytes of a leaf (" + notALeaf.getMessage() + ").")));
            checks.add(new Check(Subject.COMMITMENT, UNREADABLE));
            checks.add(new Check(Subject.REQUEST, request()));
            checks.add(new Check(Subject.ANSWER, UNREADABLE));
            checks.add(new Check(Subject.RESPONSE, response()));
            checks.add(new Check(Subject.STORY, UNREADABLE));
            checks.add(new Check(Subject.BATCH, UNREADABLE));
        }
        checks.add(new Check(Subject.PROOF, proof()));
        checks.add(new Check(Subject.HEADER, header()));
    }

    private Finding commitment(Leaf leaf) {
        RequestKey recomputed =
                RequestCommitment.of(receipt.request(), receipt.digest().bytes(), receipt.salt());
        return recomputed.equals(leaf.request())
                ? new Passed("Id, digest and salt of the receipt give the commitment in the leaf.")
                : new Failed("Id, digest and salt give " + recomputed + ", but the leaf is about " + leaf.request()
                        + ": another request's leaf, or one of the three is changed.");
    }

    private Finding request() {
        Optional<String> sent = own.nonce().filter(nonce -> !nonce.equals(receipt.nonce()));
        if (sent.isPresent()) {
            return new Failed("The given nonce is " + ReceiptContent.shown(sent.get()) + ", the receipt's is "
                    + (receipt.nonce().isEmpty() ? "none" : ReceiptContent.shown(receipt.nonce())) + ".");
        }
        return owned(own.requestDigest(), receipt.digest(), "request");
    }

    private Finding response() {
        return owned(own.responseDigest(), receipt.responseDigest(), "answer");
    }

    private static Finding owned(Optional<Hash32> kept, Hash32 claimed, String what) {
        if (kept.isEmpty()) {
            return new Skipped("No copy of the " + what + " was given.");
        }
        return kept.get().equals(claimed)
                ? new Passed("The given " + what + " has the receipt's digest.")
                : new Failed(
                        "The given " + what + " has the digest " + kept.get() + ", the receipt's has " + claimed + ".");
    }

    private Finding answer(Leaf leaf) {
        if (!(leaf.stage() instanceof Stage.Ended ended)) {
            return new Skipped("The leaf is a plan; there was no answer yet.");
        }
        OutcomeCommitment recomputed = OutcomeCommitment.of(
                receipt.salt(), receipt.responseDigest().bytes(), receipt.upstreamRequestIds(), receipt.usage());
        return recomputed.equals(ended.outcome())
                ? new Passed(
                        "Response digest, the providers' names of the calls and what these took give the commitment in the leaf.")
                : new Failed("Response digest, the providers' names of the calls and what these took give " + recomputed
                        + ", but the leaf has " + ended.outcome() + ".");
    }

    private Finding batch(Leaf leaf) {
        return LeafRules.number(receipt.request().counter(), receipt.header())
                .or(() -> LeafRules.outside(leaf, receipt.header()))
                .<Finding>map(outside -> new Failed(outside.why()))
                .orElseGet(() -> new Passed("The request's number and time lie in the batch's range."));
    }

    private Finding proof() {
        InclusionPath proof = receipt.proof();
        BatchHeader header = receipt.header();
        if (proof.size() != header.size()) {
            return new Failed("The proof is for a log of " + proof.size() + " leaves, but the header says "
                    + header.size() + ".");
        }
        if (header.count() > BatchHeader.MOST_LEAVES || header.count() > header.size()) {
            return new Failed("A batch has at most " + BatchHeader.MOST_LEAVES + " leaves, and not more than the log: "
                    + header.count() + " of " + header.size() + ".");
        }
        if (proof.index() < header.firstIndex() || proof.index() >= header.size()) {
            return new Failed("Leaf " + proof.index() + " of the log is not in this batch, which has those from "
                    + header.firstIndex() + " to " + (header.size() - 1) + ".");
        }
        if (leadsFrom(proof.index())) {
            return new Passed("Leaf " + proof.index() + " of " + proof.size() + " leads to the header's root.");
        }
        for (long index = header.firstIndex(); index < header.size(); index++) {
            if (leadsFrom(index)) {
                return new Failed("The index is wrong: the proof leads to the header's root from " + index
                        + ", not from " + proof.index() + ".");
            }
        }
        return new Failed("Leaf and path do not lead to the header's root " + header.root()
                + ": the leaf, a hash of the path or the root is changed.");
    }

    private boolean leadsFrom(long index) {
        InclusionPath proof = receipt.proof();
        return new InclusionPath(index, proof.size(), proof.path())
                .root(new LogHasher().entry(receipt.leaf()))
                .equals(Optional.of(receipt.header().root()));
    }

    private Finding header() {
        Hash32 head = receipt.header().head();
        return head.equals(receipt.head())
                ? new Passed("The header has the hash that the receipt names.")
                : new Failed("The header has the hash " + head + ", but the receipt names " + receipt.head()
                        + ": the header is changed.");
    }
}
