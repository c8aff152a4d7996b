package openledger.commitment;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * What a node said when it was asked about a receipt. Registry, lane and sequence are those of the receipt's header.
 *
 * @param chainId {@code eth_chainId}
 * @param registry whether there is code at the registry's address
 * @param batchRecord what the registry keeps of the batch, {@link Hash32#ZERO} if nothing
 * @param transaction the block of the receipt's transaction, empty if it is in none
 * @param canonical hash of the canonical block of that block's number, empty if there is no such block yet
 * @param tags how far the chain has come
 * @param leafVerified whether the registry's own {@code verifyLeaf} agrees
 * @param upTo what the lane has published of the leaf's route: cumulative attempts up to and including each tier, best first;
 *     empty if it has published nothing
 * @param committer the account that commits to the lane
 * @param promiseSigner the account whose signature is under the receipt's promise ({@code ecrecover})
 */
public record ChainEvidence(
        Testimony<Long> chainId,
        Testimony<Presence> registry,
        Testimony<Hash32> batchRecord,
        Testimony<Optional<SeenBlock>> transaction,
        Testimony<Optional<Hash32>> canonical,
        Testimony<Tags> tags,
        Testimony<Agreement> leafVerified,
        Testimony<List<Integer>> upTo,
        Testimony<Address> committer,
        Testimony<Address> promiseSigner) {
    /** Whether something is there. */
    public enum Presence {
        THERE,
        ABSENT
    }

    /** What the registry says to a proof. */
    public enum Agreement {
        YES,
        NO
    }

    /**
     * A block that a transaction's receipt names.
     *
     * @param timeSeconds its time stamp, Unix seconds
     */
    public record SeenBlock(long number, Hash32 hash, long timeSeconds) {}

    /** Newest block of each tag; empty where the chain has no such tag. */
    public record Tags(long latest, OptionalLong safe, OptionalLong finalized) {}

    /** A node that was not asked, or that said nothing. */
    public static ChainEvidence none(String why) {
        return new ChainEvidence(
                new Testimony.Silent<>(why),
                new Testimony.Silent<>(why),
                new Testimony.Silent<>(why),
                new Testimony.Silent<>(why),
                new Testimony.Silent<>(why),
                new Testimony.Silent<>(why),
                new Testimony.Silent<>(why),
                new Testimony.Silent<>(why),
                new Testimony.Silent<>(why),
                new Testimony.Silent<>(why));
    }
}
