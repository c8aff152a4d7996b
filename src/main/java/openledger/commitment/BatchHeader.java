package openledger.commitment;

import java.util.List;
import openledger.commitment.evm.AbiWords;
import openledger.commitment.log.HashedEntries;
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
 * @param completeThrough each request up to and including this counter has its outcome in this batch or one before; never falls
 * @param count leaves, 1 to 1_200
 * @param outcomes how many of the leaves are outcomes; each request has exactly one, so the highest counter of a lane minus
 *     the outcomes of all its batches is how many requests are still without a leaf
 * @param size entries of the lane's log after this batch, whose leaves are the last {@code count} of them
 * @param root of the log at that size (RFC 9162, SHA-256)
 * @param recordsRoot of the tree over the records for those who replay, one a leaf in the same order (RFC 9162, SHA-256)
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
        long completeThrough,
        int count,
        int outcomes,
        long size,
        Hash32 root,
        Hash32 recordsRoot,
        long firstMillis,
        long lastMillis) {
    public static final int VERSION = 2;
    public static final int MOST_LEAVES = 1_200;
    /** Its type in the signatures of the registry's functions and events. */
    public static final String ABI_TYPE =
            "(uint256,uint256,address,uint64,uint64,bytes32,bytes32,uint64,uint64,bytes32,"
                    + "uint64,uint64,uint64,uint32,uint32,uint64,bytes32,bytes32,uint64,uint64)";

    private static final int WORDS = 20;

    /** Place in the lane's log of the first of its leaves, from 0. */
    public long firstIndex() {
        return size - count;
    }

    /** {@code keccak256(abi.encode(header))}: 20 words, the version first, in the order of the fields. */
    public Hash32 head() {
        return words().keccak();
    }

    /** {@code abi.encode(header)}, 640 bytes. */
    public byte[] encode() {
        return words().bytes();
    }

    /**
     * Reads {@link #encode}. What the words have above the width of their members is passed over: {@link #head} tells.
     *
     * @throws IllegalArgumentException if these are not the bytes of a header of this version
     */
    public static BatchHeader decode(byte[] encoded) {
        if (encoded.length != WORDS * Hash32.BYTES) {
            throw new IllegalArgumentException("a header has " + WORDS + " words, not " + encoded.length + " bytes");
        }
        try {
            return HeaderWords.read(encoded);
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("a header's number is too large", tooLarge);
        }
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
                .number(completeThrough)
                .number(count)
                .number(outcomes)
                .number(size)
                .hash(root)
                .hash(recordsRoot)
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

    /**
     * The {@code snapshotRoot} of a batch with these snapshots, zero if it has none.
     *
     * @param snapshots each as {@link SnapshotEncoding} has it, in order
     */
    public static Hash32 snapshotRoot(List<byte[]> snapshots) {
        return snapshots.isEmpty() ? Hash32.ZERO : HashedEntries.rootOf(snapshots);
    }
}
