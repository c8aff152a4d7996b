package openledger.commitment.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import openledger.commitment.TreeVectors;
import openledger.commitment.VectorsWriter;
import openledger.commitment.leaf.LeafEncoding;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MerkleTreeTest {
    private static final Hash32 SEED = Hash32.of(VectorsWriter.word("trees"));

    @Test
    void hasTheRootOfTheRfcsRecursion() {
        for (int count = 1; count <= 66; count++) {
            byte[] leaves = TreeVectors.leaves(SEED, count);

            assertThat(MerkleTree.of(leaves).root()).as("%d leaves", count).isEqualTo(recursive(leaves));
        }
    }

    @Test
    void everyProofHoldsAtItsPlaceAndAtNoOther() {
        for (int count = 1; count <= 40; count++) {
            byte[] leaves = TreeVectors.leaves(SEED, count);
            MerkleTree tree = MerkleTree.of(leaves);
            for (int index = 0; index < count; index++) {
                InclusionProof proof = tree.proof(index);
                byte[] leaf = TreeVectors.leaf(leaves, index);
                assertThat(proof.root(leaf)).contains(tree.root());
                for (int other = 0; other < count; other++) {
                    boolean holds = new InclusionProof(other, count, proof.siblings())
                            .root(leaf)
                            .equals(Optional.of(tree.root()));
                    assertThat(holds).as("%d as %d of %d", index, other, count).isEqualTo(other == index);
                }
            }
        }
    }

    /** A size says nothing of itself; what a proof fixes is on which side each sibling stands. */
    @Test
    void aProofHoldsInAnotherSizeOnlyIfTheWayUpIsTheSame() {
        for (int count = 1; count <= 17; count++) {
            byte[] leaves = TreeVectors.leaves(SEED, count);
            MerkleTree tree = MerkleTree.of(leaves);
            for (int index = 0; index < count; index++) {
                InclusionProof proof = tree.proof(index);
                byte[] leaf = TreeVectors.leaf(leaves, index);
                for (int size = 1; size <= 40; size++) {
                    for (int place = 0; place < size; place++) {
                        boolean holds = new InclusionProof(place, size, proof.siblings())
                                .root(leaf)
                                .equals(Optional.of(tree.root()));
                        assertThat(holds)
                                .as("%d of %d as %d of %d", index, count, place, size)
                                .isEqualTo(way(place, size).equals(way(index, count)));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_023, 1_024, 1_025, 1_199, 1_200})
    void everyProofOfALargeTreeHolds(int count) {
        byte[] leaves = TreeVectors.leaves(SEED, count);
        MerkleTree tree = MerkleTree.of(leaves);
        for (int index = 0; index < count; index++) {
            assertThat(tree.proof(index).root(TreeVectors.leaf(leaves, index))).contains(tree.root());
        }
    }

    /** What is hashed as a node cannot be shown as a leaf of a smaller tree. */
    @Test
    void aNodeIsNoLeaf() {
        byte[] leaves = TreeVectors.leaves(SEED, 4);
        MerkleTree tree = MerkleTree.of(leaves);
        byte[] node = new byte[2 * Hash32.BYTES];
        MerkleTree.leafHash(TreeVectors.leaf(leaves, 0)).copyTo(node, 0);
        MerkleTree.leafHash(TreeVectors.leaf(leaves, 1)).copyTo(node, Hash32.BYTES);
        Hash32 right = tree.proof(0).siblings().getLast();

        assertThat(new InclusionProof(0, 2, List.of(right)).root(node)).isNotEqualTo(Optional.of(tree.root()));
    }

    /** RFC 9162, section 2.1.1, as it stands there. */
    private static Hash32 recursive(byte[] leaves) {
        int count = leaves.length / LeafEncoding.BYTES;
        if (count == 1) {
            return MerkleTree.leafHash(leaves);
        }
        int left = Integer.highestOneBit(count - 1) * LeafEncoding.BYTES;
        return new Keccak256()
                .add((byte) 1)
                .add(recursive(Arrays.copyOf(leaves, left)).bytes())
                .add(recursive(Arrays.copyOfRange(leaves, left, leaves.length)).bytes())
                .finish();
    }

    /** On which side the siblings stand, from the bottom. */
    private static String way(int index, int count) {
        if (count == 1) {
            return "";
        }
        int left = Integer.highestOneBit(count - 1);
        return index < left ? way(index, left) + "r" : way(index - left, count - left) + "l";
    }
}
