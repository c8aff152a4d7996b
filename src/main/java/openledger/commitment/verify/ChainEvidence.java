package openledger.commitment.verify;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.commitment.PublishedPolicy;
import openledger.commitment.stake.GateEvidence;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * A node's answers about a receipt, or what is proved from the state of a block in their place. Registry, lane and sequence are those of the
 * receipt's header.
 *
 * @param chainId {@code eth_chainId}
 * @param registryCode keccak-256 of the code at the registry's address, {@link Hash32#ZERO} if there is none
 * @param batchRecord what the registry keeps of the batch, {@link Hash32#ZERO} if nothing
 * @param transaction the block of the receipt's transaction, empty if it is in none
 * @param committed whether that transaction has the registry's event of this very batch
 * @param canonical hash of the canonical block of that block's number, empty if there is no such block yet
 * @param tags how far the chain has come
 * @param leafVerified whether the registry's own {@code verifyLeaf} agrees
 * @param upTo what the lane has published of the leaf's route: cumulative attempts up to and including each tier, best first;
 *     empty if it has published nothing
 * @param policies all that the lane has published, oldest first
 * @param laneOwner the account that owns the lane
 * @param signerRetiredAt until when the key that the receipt's promise names signs for the lane, Unix seconds: 0 if it never did,
 *     {@link #NOT_RETIRED} while it does
 * @param promiseSigner the account whose signature is under the receipt's promise ({@code ecrecover}), empty if it is nobody's
 * @param headSignerRetiredAt the same as {@code signerRetiredAt} of the key that the receipt's signed head names
 * @param gate what stands behind the leaf
 * @param state the block whose state proves all of it; empty if a node said it
 */
public record ChainEvidence(
        NodeTestimony<Long> chainId,
        NodeTestimony<Hash32> registryCode,
        NodeTestimony<Hash32> batchRecord,
        NodeTestimony<Optional<SeenBlock>> transaction,
        NodeTestimony<Agreement> committed,
        NodeTestimony<Optional<Hash32>> canonical,
        NodeTestimony<Tags> tags,
        NodeTestimony<Agreement> leafVerified,
        NodeTestimony<List<Integer>> upTo,
        NodeTestimony<List<PublishedPolicy>> policies,
        NodeTestimony<Address> laneOwner,
        NodeTestimony<Long> signerRetiredAt,
        NodeTestimony<Optional<Address>> promiseSigner,
        NodeTestimony<Long> headSignerRetiredAt,
        NodeTestimony<GateEvidence> gate,
        Optional<SeenBlock> state) {
    /** For a key that signs still. */
    public static final long NOT_RETIRED = Long.MAX_VALUE;

    private static final String NO_SIGNED_HEAD = "the receipt has no signed head";
    private static final String NO_STAKE = "the receipt has no stake";

    /** What a node says of a receipt whose head is not signed, and that has no stake. */
    public ChainEvidence(
            NodeTestimony<Long> chainId,
            NodeTestimony<Hash32> registryCode,
            NodeTestimony<Hash32> batchRecord,
            NodeTestimony<Optional<SeenBlock>> transaction,
            NodeTestimony<Agreement> committed,
            NodeTestimony<Optional<Hash32>> canonical,
            NodeTestimony<Tags> tags,
            NodeTestimony<Agreement> leafVerified,
            NodeTestimony<List<Integer>> upTo,
            NodeTestimony<List<PublishedPolicy>> policies,
            NodeTestimony<Address> laneOwner,
            NodeTestimony<Long> signerRetiredAt,
            NodeTestimony<Optional<Address>> promiseSigner) {
        this(
                chainId,
                registryCode,
                batchRecord,
                transaction,
                committed,
                canonical,
                tags,
                leafVerified,
                upTo,
                policies,
                laneOwner,
                signerRetiredAt,
                promiseSigner,
                new NodeTestimony.Silent<>(NO_SIGNED_HEAD),
                new NodeTestimony.Silent<>(NO_STAKE),
                Optional.empty());
    }

    /** The same, and what is known of the key that signed the head. */
    public ChainEvidence withHeadSigner(NodeTestimony<Long> until) {
        return new ChainEvidence(
                chainId,
                registryCode,
                batchRecord,
                transaction,
                committed,
                canonical,
                tags,
                leafVerified,
                upTo,
                policies,
                laneOwner,
                signerRetiredAt,
                promiseSigner,
                until,
                gate,
                state);
    }

    /** The same, and what stands behind the leaf. */
    public ChainEvidence withGate(NodeTestimony<GateEvidence> known) {
        return new ChainEvidence(
                chainId,
                registryCode,
                batchRecord,
                transaction,
                committed,
                canonical,
                tags,
                leafVerified,
                upTo,
                policies,
                laneOwner,
                signerRetiredAt,
                promiseSigner,
                headSignerRetiredAt,
                known,
                state);
    }

    /** Whether what is asked is so. */
    public enum Agreement {
        YES,
        NO
    }

    /**
     * A block: one that a transaction's receipt names, or one whose state is proved from.
     *
     * @param timeSeconds its time stamp, Unix seconds
     */
    public record SeenBlock(long number, Hash32 hash, long timeSeconds) {}

    /** Newest block of each tag; empty where the chain has no such tag. */
    public record Tags(long latest, OptionalLong safe, OptionalLong finalized) {}

    /** A node that was not asked, or that said nothing. */
    public static ChainEvidence none(String why) {
        return new ChainEvidence(
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                new NodeTestimony.Silent<>(why),
                Optional.empty());
    }
}
