package openledger.commitment.tree;

import java.util.List;
import java.util.Optional;
import openledger.unit.Hash32;

/**
 * A proof that a leaf is at an index of a tree of a certain size: RFC 9162, section 2.1.3. For a leaf, a place and a size there is exactly
 * one proof, so a proof cannot be bent into another place. Two sizes can share a way up: the size must be taken from a header, never from
 * the sender of the proof.
 *
 * @param index place of the leaf, from 0
 * @param count leaves of the tree, from 1
 * @param siblings neighbours on the way up, from the bottom
 */
public record InclusionProof(int index, int count, List<Hash32> siblings) {
    /** More could not be needed: the height of a tree of 2^31 leaves. */
    private static final int MOST_SIBLINGS = 31;

    public InclusionProof {
        siblings = List.copyOf(siblings);
    }

    /** The root that follows from this leaf; empty if no tree of this size has such a proof for this place. */
    public Optional<Hash32> root(byte[] leaf) {
        if (index < 0 || index >= count || siblings.size() > MOST_SIBLINGS) {
            return Optional.empty();
        }
        int at = index;
        int last = count - 1;
        Hash32 hash = MerkleTree.leafHash(leaf);
        for (Hash32 sibling : siblings) {
            if (last == 0) {
                return Optional.empty();
            }
            if ((at & 1) == 1 || at == last) {
                hash = node(sibling, hash);
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                hash = node(hash, sibling);
            }
            at >>= 1;
            last >>= 1;
        }
        return last == 0 ? Optional.of(hash) : Optional.empty();
    }

    private static Hash32 node(Hash32 left, Hash32 right) {
        return new Keccak256()
                .add(MerkleTree.NODE_PREFIX)
                .add(left.bytes())
                .add(right.bytes())
                .finish();
    }
}
