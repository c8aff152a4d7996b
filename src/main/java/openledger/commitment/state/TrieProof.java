package openledger.commitment.state;

import java.util.List;
import java.util.Optional;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Hash32;

/**
 * Follows a proof through a Merkle-Patricia trie with keys of 32 bytes (Ethereum yellow paper, appendix D; EIP-1186 for the order of the
 * nodes). A proof comes from anybody: each of its nodes has to hash to what the node above names, and none may be left over. Each step
 * consumes a part of the key, so a proof has an end.
 */
final class TrieProof {
    /** Most nodes of a proof: one for each half byte of the key, and the leaf. */
    static final int MOST_NODES = 65;
    /** Bytes of the longest node: a branch of 16 hashes has 532. */
    static final int LONGEST_NODE = 1_024;
    /** Root of a trie without entries: the hash of an empty string's encoding. */
    static final Hash32 EMPTY_ROOT = Hash32.of(Keccak256.digest(new byte[] {(byte) 0x80}));

    private static final int NIBBLES = 2 * Hash32.BYTES;
    private static final int BRANCH = 17;
    private static final int FORK = 2;
    /** Flags of a path's first half byte. */
    private static final int ODD = 1;

    private static final int LEAF = 2;

    private final byte[] key;
    private final List<byte[]> nodes;
    private int read;
    private int consumed;

    private TrieProof(Hash32 key, List<byte[]> nodes) {
        this.key = key.bytes();
        this.nodes = nodes;
    }

    /**
     * What the trie has under a key.
     *
     * @param key as it is in the trie: the hash of an address or of a slot
     * @param nodes from the root on; of an empty trie none, or the empty string's encoding
     * @return empty if the proof shows that there is nothing
     * @throws IllegalArgumentException if it shows neither
     */
    static Optional<byte[]> value(Hash32 root, Hash32 key, List<byte[]> nodes) {
        TrieProof proof = new TrieProof(key, nodes);
        Optional<byte[]> value =
                root.equals(EMPTY_ROOT) && nodes.isEmpty() ? Optional.empty() : proof.below(proof.node(root));
        if (proof.read != nodes.size()) {
            throw new IllegalArgumentException("a proof has more nodes than the way to the key");
        }
        return value;
    }

    /** The next node, which has to have this hash. */
    private RlpItem node(Hash32 hash) {
        if (read == nodes.size() || read == MOST_NODES) {
            throw new IllegalArgumentException("a proof ends before the key");
        }
        byte[] node = nodes.get(read++);
        if (node.length > LONGEST_NODE || !Hash32.of(Keccak256.digest(node)).equals(hash)) {
            throw new IllegalArgumentException("a node of a proof does not have the hash that is named above it");
        }
        return RlpItem.parse(node);
    }

    private Optional<byte[]> below(RlpItem root) {
        RlpItem node = root;
        while (!node.isEmptyString()) {
            List<RlpItem> items = node.items(BRANCH);
            if (items.size() == FORK) {
                byte[] path = items.getFirst().string(1 + Hash32.BYTES);
                int flag = flag(path);
                int length = length(path, flag);
                if ((flag & LEAF) != 0) {
                    return leaf(path, length, items.getLast());
                }
                if (length == 0 || length >= NIBBLES - consumed) {
                    throw new IllegalArgumentException("an extension of a proof has a path of a wrong length");
                }
                if (!agrees(path, length)) {
                    return Optional.empty();
                }
                consumed += length;
                node = child(items.getLast());
                if (node.isEmptyString()) {
                    throw new IllegalArgumentException("an extension of a proof leads to nothing");
                }
            } else if (items.size() == BRANCH && items.getLast().isEmptyString() && consumed < NIBBLES) {
                node = child(items.get(nibble(key, consumed++)));
            } else {
                throw new IllegalArgumentException("a node of a proof is none of a trie with keys of 32 bytes");
            }
        }
        return Optional.empty();
    }

    /** A child stands in its parent itself if it is shorter than a hash. */
    private RlpItem child(RlpItem item) {
        if (item.isEmptyString()) {
            return item;
        }
        if (!item.isList()) {
            return node(item.hash());
        }
        if (item.size() >= Hash32.BYTES) {
            throw new IllegalArgumentException("a node of a proof stands in its parent and is too long for that");
        }
        return item;
    }

    private Optional<byte[]> leaf(byte[] path, int length, RlpItem value) {
        if (length != NIBBLES - consumed) {
            throw new IllegalArgumentException("a leaf of a proof has a path of a wrong length");
        }
        return agrees(path, length) ? Optional.of(value.string(LONGEST_NODE)) : Optional.empty();
    }

    private static int flag(byte[] path) {
        int flag = path.length == 0 ? 0xf : nibble(path, 0);
        if (flag > (LEAF | ODD)) {
            throw new IllegalArgumentException("a path of a proof has no flag");
        }
        if ((flag & ODD) == 0 && nibble(path, 1) != 0) {
            throw new IllegalArgumentException("a path of a proof is padded with something");
        }
        return flag;
    }

    private static int length(byte[] path, int flag) {
        return 2 * (path.length - 1) + (flag & ODD);
    }

    /** Whether the key goes on like the last {@code length} half bytes of the path. */
    private boolean agrees(byte[] path, int length) {
        int skipped = 2 * path.length - length;
        for (int i = 0; i < length; i++) {
            if (nibble(path, skipped + i) != nibble(key, consumed + i)) {
                return false;
            }
        }
        return true;
    }

    private static int nibble(byte[] bytes, int at) {
        int both = bytes[at / 2] & 0xff;
        return at % 2 == 0 ? both >>> 4 : both & 0xf;
    }
}
