package openledger.commitment.verify;

import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.tree.InclusionProof;
import openledger.unit.Address;
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
 * @param leaf the leaf as it is said to be committed; never changed after construction
 * @param proof from the leaf to the root
 * @param header of the batch
 * @param head the hash of the header as it is claimed
 * @param level the claimed level
 * @param anchor where the batch is on chain; empty if it is not there yet
 * @param promised what was signed when the client asked for it
 * @param content all that its JSON has; {@link ReceiptContent#NONE} if it came without
 * @param plan the request's PLAN leaf, if {@code leaf} is its OUTCOME and it had a plan
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares receipts
public record Receipt(
        RequestId request,
        Hash32 digest,
        String nonce,
        byte[] salt,
        Hash32 responseDigest,
        List<String> upstreamRequestIds,
        byte[] leaf,
        InclusionProof proof,
        BatchHeader header,
        Hash32 head,
        ConfirmationLevel level,
        Optional<Anchor> anchor,
        Optional<Promised> promised,
        ReceiptContent content,
        Optional<Committed> plan) {
    public Receipt {
        if (salt.length != LaneSecret.SALT_BYTES) {
            throw new IllegalArgumentException("salt: 16 bytes, not " + salt.length);
        }
        if (!nonce.isEmpty() && !RequestDigest.isNonce(nonce)) {
            throw new IllegalArgumentException("nonce: 1 to 64 printable ASCII characters");
        }
        upstreamRequestIds = List.copyOf(upstreamRequestIds);
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
                there.leaf,
                there.proof,
                there.header,
                there.head,
                there.level,
                there.anchor,
                Optional.empty(),
                ReceiptContent.NONE,
                Optional.empty()));
    }

    /**
     * A leaf and its way to the chain.
     *
     * @param leaf as it is said to be committed; never changed after construction
     * @param proof from the leaf to the root
     * @param header of the batch
     * @param head the hash of the header as it is claimed
     * @param level how far it is claimed to have come
     * @param anchor where the batch is on chain; empty if it is not there yet
     */
    public record Committed(
            byte[] leaf,
            InclusionProof proof,
            BatchHeader header,
            Hash32 head,
            ConfirmationLevel level,
            Optional<Anchor> anchor) {}

    /**
     * Where a batch is on chain.
     *
     * @param transaction hash of the one that committed it
     * @param blockNumber of its block
     * @param blockHash of its block
     * @param committedAt time stamp of its block, Unix seconds; part of what the registry keeps
     */
    public record Anchor(Hash32 transaction, long blockNumber, Hash32 blockHash, long committedAt) {}

    /**
     * A promise with the router's signature.
     *
     * @param chainId of the chain that it is for (EIP-155)
     * @param registry the contract that it is for
     * @param lane it says that it is for
     * @param promise what was signed
     * @param signature r, s and v, 65 bytes; never changed after construction
     * @param signer who is said to have signed
     */
    public record Promised(
            long chainId, Address registry, long lane, SignedPromise promise, byte[] signature, Address signer) {
        public static final int SIGNATURE_BYTES = 65;

        public Promised {
            if (signature.length != SIGNATURE_BYTES) {
                throw new IllegalArgumentException("signature: 65 bytes, not " + signature.length);
            }
        }
    }
}
