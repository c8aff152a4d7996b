package openledger.commitment.verify;

import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.SignedHead;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.stake.StakeClaim;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/**
 * What a client gets to prove its leaf: all that is needed to recompute the commitment to its request and its answer, and to
 * follow the leaf to the chain. {@link ReceiptVerification} holds it against what a node says.
 *
 * @param request its name
 * @param digest {@link RequestDigest} of its body
 * @param nonce what the client sent as {@code openledger-nonce}, empty if nothing
 * @param salt {@link LaneSecret#salt}, 16 bytes; never changed after construction
 * @param responseDigest SHA-256 of the answer, {@link Hash32#ZERO} if there was none
 * @param upstreamRequestIds the providers' names of the attempts, in order, empty where there was none
 * @param usage what the providers say that the attempts took
 * @param leaf the leaf as it is said to be committed; never changed after construction
 * @param proof that the leaf is in the lane's log after its batch
 * @param header of the batch
 * @param head the hash of the header as it is claimed
 * @param level the claimed level
 * @param anchor where the batch is on chain; empty if it is not there yet
 * @param promised what was signed when the client asked for it
 * @param content all that its JSON has; {@link ReceiptContent#NONE} if it came without
 * @param plan the request's PLAN leaf, if {@code leaf} is its OUTCOME and it had a plan
 * @param witnessed a checkpoint with the leaf that witnesses are said to have cosigned
 * @param signedHead the batch's head as the lane is said to have signed it
 * @param stake what is said to stand behind the batch
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares receipts
public record Receipt(
        RequestId request,
        Hash32 digest,
        String nonce,
        byte[] salt,
        Hash32 responseDigest,
        List<String> upstreamRequestIds,
        UsageRecord usage,
        byte[] leaf,
        InclusionPath proof,
        BatchHeader header,
        Hash32 head,
        ConfirmationLevel level,
        Optional<Anchor> anchor,
        Optional<SignedPromise> promised,
        ReceiptContent content,
        Optional<Committed> plan,
        Optional<Witnessed> witnessed,
        Optional<SignedHead> signedHead,
        Optional<StakeClaim> stake) {
    public Receipt {
        if (salt.length != LaneSecret.SALT_BYTES) {
            throw new IllegalArgumentException("salt: 16 bytes, not " + salt.length);
        }
        if (!nonce.isEmpty() && !RequestDigest.isNonce(nonce)) {
            throw new IllegalArgumentException("nonce: 1 to 64 printable ASCII characters");
        }
        upstreamRequestIds = List.copyOf(upstreamRequestIds);
    }

    /** The same with a promise that its owner has kept, in place of the one that it came with. */
    public Receipt withPromise(SignedPromise kept) {
        return new Receipt(
                request,
                digest,
                nonce,
                salt,
                responseDigest,
                upstreamRequestIds,
                usage,
                leaf,
                proof,
                header,
                head,
                level,
                anchor,
                Optional.of(kept),
                content,
                plan,
                witnessed,
                signedHead,
                stake);
    }

    /** The same of the request's plan alone; empty if it has none beside its leaf. */
    public Optional<Receipt> ofPlan() {
        return plan.map(there -> new Receipt(
                request,
                digest,
                nonce,
                salt,
                responseDigest,
                upstreamRequestIds,
                usage,
                there.leaf,
                there.proof,
                there.header,
                there.head,
                there.level,
                there.anchor,
                Optional.empty(),
                ReceiptContent.NONE,
                Optional.empty(),
                there.witnessed,
                there.signedHead,
                there.stake));
    }

    /** Its own leaf and its way to the chain. */
    public Committed committed() {
        return new Committed(leaf, proof, header, head, level, anchor, witnessed, signedHead, stake);
    }

    /**
     * A leaf and its way to the chain.
     *
     * @param leaf as it is said to be committed; never changed after construction
     * @param proof that the leaf is in the lane's log after its batch
     * @param header of the batch
     * @param head the hash of the header as it is claimed
     * @param level how far it is claimed to have come
     * @param anchor where the batch is on chain; empty if it is not there yet
     * @param witnessed a checkpoint with the leaf that witnesses are said to have cosigned
     * @param signedHead the batch's head as the lane is said to have signed it
     * @param stake what is said to stand behind the batch
     */
    public record Committed(
            byte[] leaf,
            InclusionPath proof,
            BatchHeader header,
            Hash32 head,
            ConfirmationLevel level,
            Optional<Anchor> anchor,
            Optional<Witnessed> witnessed,
            Optional<SignedHead> signedHead,
            Optional<StakeClaim> stake) {}

    /**
     * A checkpoint of the log and the leaf's way to it.
     *
     * @param checkpoint as it was read; a signed note if it is genuine
     * @param inclusion path from the leaf to its root
     */
    public record Witnessed(String checkpoint, List<Hash32> inclusion) {
        public Witnessed {
            inclusion = List.copyOf(inclusion);
        }
    }

    /**
     * Where a batch is on chain.
     *
     * @param transaction hash of the one that committed it
     * @param blockNumber of its block
     * @param blockHash of its block
     * @param committedAt time stamp of its block, Unix seconds; part of what the registry keeps
     */
    public record Anchor(Hash32 transaction, long blockNumber, Hash32 blockHash, long committedAt) {}
}
