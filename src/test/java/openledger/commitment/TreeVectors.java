package openledger.commitment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.tree.AbiWords;
import openledger.commitment.tree.InclusionProof;
import openledger.commitment.tree.Keccak256;
import openledger.commitment.tree.MerkleTree;
import openledger.unit.Hash32;

/** Trees with proofs that lead to their root, and with proofs that were tampered with and must not. */
public final class TreeVectors {
    static final int MOST_LEAVES_IN_FULL = 8;

    private static final int[] SIZES = {1, 2, 3, 7, 8, 1_199, 1_200};

    private TreeVectors() {}

    static ObjectNode all() {
        ObjectNode all = VectorsWriter.object();
        ArrayNode cases = all.putArray("cases");
        for (int count : SIZES) {
            cases.add(tree(count));
        }
        return all;
    }

    /** Leaf i is the three words {@code keccak256(abi.encode(seed, i, w))}, w = 0, 1, 2. */
    public static byte[] leaves(Hash32 seed, int count) {
        byte[] leaves = new byte[count * LeafEncoding.BYTES];
        for (int i = 0; i < count; i++) {
            for (int w = 0; w < 3; w++) {
                new AbiWords(3)
                        .hash(seed)
                        .number(i)
                        .number(w)
                        .keccak()
                        .copyTo(leaves, i * LeafEncoding.BYTES + w * Hash32.BYTES);
            }
        }
        return leaves;
    }

    public static byte[] leaf(byte[] leaves, int index) {
        byte[] leaf = new byte[LeafEncoding.BYTES];
        System.arraycopy(leaves, index * LeafEncoding.BYTES, leaf, 0, leaf.length);
        return leaf;
    }

    private static ObjectNode tree(int count) {
        Hash32 seed = Hash32.of(VectorsWriter.word("tree of " + count));
        byte[] leaves = leaves(seed, count);
        MerkleTree tree = MerkleTree.of(leaves);
        ObjectNode node = VectorsWriter.object();
        node.put("name", count == 1 ? "1 leaf" : count + " leaves");
        node.put("count", Integer.toString(count));
        node.put("seed", seed.toString());
        node.put("root", tree.root().toString());
        node.put("leaves_hash", VectorsWriter.hex(Keccak256.digest(leaves)));
        node.put("leaves", count <= MOST_LEAVES_IN_FULL ? VectorsWriter.hex(leaves) : "0x");
        ArrayNode proofs = node.putArray("proofs");
        for (int index : new TreeSet<>(List.of(0, count / 2, Math.max(0, count - 2), count - 1))) {
            Proof proof = new Proof("", leaf(leaves, index), tree.proof(index));
            proofs.add(proof.named("as it is").put(tree.root()));
            tampered(proof, leaves).forEach(bad -> proofs.add(bad.put(tree.root())));
        }
        return node;
    }

    private static List<Proof> tampered(Proof good, byte[] leaves) {
        InclusionProof at = good.proof;
        List<Hash32> siblings = at.siblings();
        List<Proof> all = new ArrayList<>();
        byte[] bit = good.leaf.clone();
        bit[LeafEncoding.BYTES - 1] ^= 1;
        all.add(new Proof("a bit of the leaf", bit, at));
        if (at.count() > 1) {
            int other = at.index() == 0 ? 1 : at.index() - 1;
            all.add(new Proof("another leaf of the tree", leaf(leaves, other), at));
            all.add(good.at("the index of another leaf", other, at.count()));
        }
        all.add(good.at("an index beyond the last", at.count(), at.count()));
        all.add(good.at("a count of zero", at.index(), 0));
        all.add(good.at("a count one less", at.index(), at.count() - 1));
        all.add(good.at("a count one more", at.index(), at.count() + 1));
        all.add(good.at("a count twice as large", at.index(), 2 * at.count()));
        List<Hash32> more = new ArrayList<>(siblings);
        more.add(Hash32.ZERO);
        all.add(good.with("a sibling added", more));
        if (!siblings.isEmpty()) {
            all.add(good.with("the last sibling removed", siblings.subList(0, siblings.size() - 1)));
            byte[] changed = siblings.getFirst().bytes();
            changed[0] ^= (byte) 0x80;
            List<Hash32> wrong = new ArrayList<>(siblings);
            wrong.set(0, Hash32.of(changed));
            all.add(good.with("a bit of the first sibling", wrong));
        }
        if (siblings.size() > 1) {
            all.add(good.with("the first sibling removed", siblings.subList(1, siblings.size())));
            List<Hash32> swapped = new ArrayList<>(siblings);
            swapped.set(0, siblings.get(1));
            swapped.set(1, siblings.get(0));
            all.add(good.with("two siblings swapped", swapped));
        }
        return all;
    }

    /** A proof and what was done to it. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares it
    private record Proof(String why, byte[] leaf, InclusionProof proof) {
        Proof named(String name) {
            return new Proof(name, leaf, proof);
        }

        Proof at(String name, int index, int count) {
            return new Proof(name, leaf, new InclusionProof(index, count, proof.siblings()));
        }

        Proof with(String name, List<Hash32> siblings) {
            return new Proof(name, leaf, new InclusionProof(proof.index(), proof.count(), siblings));
        }

        ObjectNode put(Hash32 root) {
            ObjectNode node = VectorsWriter.object();
            node.put("index", Integer.toString(proof.index()));
            node.put("count", Integer.toString(proof.count()));
            node.put("leaf", VectorsWriter.hex(leaf));
            ArrayNode list = node.putArray("siblings");
            proof.siblings().forEach(sibling -> list.add(sibling.toString()));
            boolean valid = proof.root(leaf).equals(Optional.of(root));
            if (valid && !why.startsWith("a count") && !"as it is".equals(why)) {
                throw new AssertionError("a tampered proof leads to the root: " + why + " at " + proof);
            }
            node.put("valid", valid);
            node.put("why", valid && why.startsWith("a count") ? why + ": the way up is the same in both sizes" : why);
            return node;
        }
    }
}
