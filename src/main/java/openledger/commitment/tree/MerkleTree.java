package openledger.commitment.tree;

import java.util.ArrayList;
import java.util.List;
import openledger.commitment.leaf.LeafEncoding;
import openledger.unit.Hash32;

/**
 * A Merkle tree in the shape of RFC 9162, section 2.1, with keccak-256: a leaf hashes as {@code H(0x00 ‖ leaf)}, a node as
 * {@code H(0x01 ‖ left ‖ right)}, and a node without a neighbour rises unchanged, which gives the same tree as the RFC's
 * split at the largest power of two. Immutable.
 */
public final class MerkleTree {
    private static final byte LEAF_PREFIX = 0x00;
    static final byte NODE_PREFIX = 0x01;

    private static final int H = Hash32.BYTES;

    /** Hashes of each level one behind the other, leaves first. */
    private final List<byte[]> levels;

    private MerkleTree(List<byte[]> levels) {
        this.levels = levels;
    }

    /**
     * The tree over leaves of 96 bytes that stand one behind the other.
     *
     * @throws IllegalArgumentException if there is none, or the last is cut off
     */
    public static MerkleTree of(byte[] leaves) {
        if (leaves.length == 0 || leaves.length % LeafEncoding.BYTES != 0) {
            throw new IllegalArgumentException("leaves have 96 bytes each: " + leaves.length);
        }
        int count = leaves.length / LeafEncoding.BYTES;
        byte[] level = new byte[count * H];
        Keccak256 keccak = new Keccak256();
        for (int i = 0; i < count; i++) {
            keccak.add(LEAF_PREFIX)
                    .add(leaves, i * LeafEncoding.BYTES, LeafEncoding.BYTES)
                    .finish(level, i * H);
        }
        return over(level, keccak);
    }

    /**
     * The tree over texts of any length; of a batch's snapshots.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static MerkleTree ofTexts(List<byte[]> texts) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("a tree has leaves");
        }
        byte[] level = new byte[texts.size() * H];
        Keccak256 keccak = new Keccak256();
        for (int i = 0; i < texts.size(); i++) {
            keccak.add(LEAF_PREFIX).add(texts.get(i)).finish(level, i * H);
        }
        return over(level, keccak);
    }

    private static MerkleTree over(byte[] hashes, Keccak256 keccak) {
        byte[] level = hashes;
        List<byte[]> levels = new ArrayList<>();
        levels.add(level);
        while (level.length > H) {
            level = parents(level, keccak);
            levels.add(level);
        }
        return new MerkleTree(levels);
    }

    private static byte[] parents(byte[] below, Keccak256 keccak) {
        int count = below.length / H;
        byte[] above = new byte[(count + 1) / 2 * H];
        for (int i = 0; i + 1 < count; i += 2) {
            keccak.add(NODE_PREFIX).add(below, i * H, 2 * H).finish(above, i / 2 * H);
        }
        if (count % 2 == 1) {
            System.arraycopy(below, (count - 1) * H, above, above.length - H, H);
        }
        return above;
    }

    /** What a leaf is called in its tree: {@code keccak256(0x00 ‖ leaf)}. */
    public static Hash32 leafHash(byte[] leaf) {
        return new Keccak256().add(LEAF_PREFIX).add(leaf).finish();
    }

    /** How many leaves there are. */
    public int count() {
        return levels.getFirst().length / H;
    }

    /** The hash of the whole. */
    public Hash32 root() {
        return Hash32.of(levels.getLast());
    }

    /** The proof that the leaf at {@code index}, from 0, is part of the whole. */
    public InclusionProof proof(int index) {
        if (index < 0 || index >= count()) {
            throw new IndexOutOfBoundsException(index);
        }
        List<Hash32> siblings = new ArrayList<>(levels.size());
        int at = index;
        for (byte[] level : levels.subList(0, levels.size() - 1)) {
            int sibling = at ^ 1;
            if (sibling * H < level.length) {
                siblings.add(Hash32.of(level, sibling * H));
            }
            at >>= 1;
        }
        return new InclusionProof(index, count(), siblings);
    }
}
