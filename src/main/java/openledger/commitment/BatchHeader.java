package openledger.commitment;

import openledger.commitment.tree.AbiWords;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * The part of a batch that goes on chain. Its hash, the head, contains the head before it, so a lane's heads form a chain.
 *
 * @param chainId of the chain it is for (EIP-155)
 * @param registry the contract it is for
 * @param lane whose batch it is
 * @param sequence from 1, without a gap
 * @param previousHead head of the batch before, {@link Hash32#ZERO} for the first
 * @param policyHash keccak-256 of a published policy; the lane has published each route version that a leaf names
 * @param firstSnapshot the lane's last snapshot before this batch, plus 1
 * @param lastSnapshot at least {@code firstSnapshot - 1}, which means that there is none
 * @param snapshotRoot over the snapshots, {@link Hash32#ZERO} if there is none
 * @param firstCounter lowest request counter among the leaves
 * @param lastCounter highest request counter among the leaves
 * @param count leaves, 1 to 1_200
 * @param outcomes how many of the leaves are outcomes; each request has exactly one, so the highest counter of a lane minus
 *     the outcomes of all its batches is how many requests are still without a leaf
 * @param root of the tree over the leaves
 * @param leavesHash keccak-256 of the leaves, 96 bytes each
 * @param recordsHash keccak-256 of the records for those who replay, served off chain
 * @param firstMillis earliest time of a leaf, Unix ms
 * @param lastMillis latest time of a leaf, Unix ms
 */
public record BatchHeader(
        long chainId,
        Address registry,
        LaneId lane,
        long sequence,
        Hash32 previousHead,
        Hash32 policyHash,
        long firstSnapshot,
        long lastSnapshot,
        Hash32 snapshotRoot,
        long firstCounter,
        long lastCounter,
        int count,
        int outcomes,
        Hash32 root,
        Hash32 leavesHash,
        Hash32 recordsHash,
        long firstMillis,
        long lastMillis) {
    public static final int VERSION = 1;
    public static final int MOST_LEAVES = 1_200;

    private static final int WORDS = 19;

    /** {@code keccak256(abi.encode(header))}: 19 words, the version first, in the order of the fields. */
    public Hash32 head() {
        return words().keccak();
    }

    /** {@code abi.encode(header)}, 608 bytes. */
    public byte[] encode() {
        return words().bytes();
    }

    private AbiWords words() {
        return new AbiWords(WORDS)
                .number(VERSION)
                .number(chainId)
                .address(registry)
                .number(lane.value())
                .number(sequence)
                .hash(previousHead)
                .hash(policyHash)
                .number(firstSnapshot)
                .number(lastSnapshot)
                .hash(snapshotRoot)
                .number(firstCounter)
                .number(lastCounter)
                .number(count)
                .number(outcomes)
                .hash(root)
                .hash(leavesHash)
                .hash(recordsHash)
                .number(firstMillis)
                .number(lastMillis);
    }

    /**
     * What the registry keeps of a committed batch: {@code keccak256(abi.encode(head, committedAt))}.
     *
     * @param committedAt time stamp of the block, Unix seconds
     */
    public static Hash32 record(Hash32 head, long committedAt) {
        return new AbiWords(2).hash(head).number(committedAt).keccak();
    }
}
