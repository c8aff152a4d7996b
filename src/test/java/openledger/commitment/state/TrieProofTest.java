package openledger.commitment.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proofs from a plain trie: what is in it, what is not, and everything that is not such a proof. */
final class TrieProofTest {
    private final Random random = new Random(7);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 17, 200})
    void provesWhatIsThereAndWhatIsNot(int size) {
        TrieBuilder trie = new TrieBuilder();
        Map<Hash32, byte[]> all = new HashMap<>();
        for (int i = 0; i < size; i++) {
            all.put(any(), TrieBuilder.string(new byte[1 + random.nextInt(80)]));
        }
        all.forEach(trie::put);

        all.forEach((key, value) -> assertThat(
                        TrieProof.value(trie.root(), key, trie.proof(key)).orElseThrow())
                .isEqualTo(value));
        for (int i = 0; i < 100; i++) {
            Hash32 absent = any();
            assertThat(TrieProof.value(trie.root(), absent, trie.proof(absent))).isEmpty();
        }
    }

    /** Neighbours that differ in their last half bytes have nodes so short that they stand in their parents. */
    @Test
    void readsNodesThatStandInTheirParents() {
        TrieBuilder trie = new TrieBuilder();
        Hash32 base = any();
        List<Hash32> keys = new ArrayList<>();
        for (int last : new int[] {0, 1, 0x10, 0x11, 0xff}) {
            keys.add(ending(base, last));
            trie.put(keys.getLast(), new byte[] {(byte) (last + 1)});
        }

        keys.forEach(key -> {
            List<byte[]> proof = trie.proof(key);
            assertThat(proof).hasSizeLessThan(3);
            assertThat(TrieProof.value(trie.root(), key, proof)).isPresent();
        });
        for (int absent : new int[] {2, 0x12, 0x20, 0xfe}) {
            Hash32 key = ending(base, absent);
            assertThat(TrieProof.value(trie.root(), key, trie.proof(key))).isEmpty();
        }
    }

    /** No proof of one thing is a proof of another: whatever octet is changed, wherever it stands, it is refused. */
    @Test
    void refusesEveryChangedOctet() {
        TrieBuilder trie = filled(40);
        Hash32 key = any();
        trie.put(key, TrieBuilder.string(new byte[] {5}));
        List<byte[]> proof = trie.proof(key);
        Hash32 root = trie.root();

        for (int node = 0; node < proof.size(); node++) {
            for (int at = 0; at < proof.get(node).length; at++) {
                List<byte[]> changed = copy(proof);
                changed.get(node)[at] ^= (byte) (1 << random.nextInt(8));
                assertThatThrownBy(() -> TrieProof.value(root, key, changed))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void refusesNodesThatAreMissingLeftOverOrInAnotherOrder() {
        TrieBuilder trie = filled(300);
        Hash32 key = any();
        trie.put(key, new byte[] {5});
        List<byte[]> proof = trie.proof(key);
        assertThat(proof).hasSizeGreaterThan(2);

        refused(trie, key, proof.subList(0, proof.size() - 1));
        refused(trie, key, proof.subList(1, proof.size()));
        refused(trie, key, List.of());
        List<byte[]> more = copy(proof);
        more.add(proof.getLast());
        refused(trie, key, more);
        List<byte[]> swapped = copy(proof);
        swapped.set(0, proof.get(1));
        swapped.set(1, proof.get(0));
        refused(trie, key, swapped);
        Hash32 another = any();
        refused(trie, another, proof.size() == trie.proof(another).size() ? List.of() : proof);
    }

    /** Nodes whose hashes fit and that no trie has: each is the root, so nothing but its form is wrong. */
    @Test
    void refusesNodesThatNoTrieHas() {
        byte[] nothing = TrieBuilder.string(new byte[0]);
        byte[] hash = TrieBuilder.string(any().bytes());
        byte[][] valued = new byte[17][];
        Arrays.fill(valued, hash);
        byte[][] eighteen = new byte[18][];
        Arrays.fill(eighteen, nothing);
        byte[] path = new byte[33];
        for (byte[] node : List.of(
                TrieBuilder.list(),
                TrieBuilder.list(nothing, hash),
                TrieBuilder.list(nothing, nothing, nothing),
                TrieBuilder.list(valued),
                TrieBuilder.list(eighteen),
                // An extension without a path, one as long as the key, one with padding, one to nothing, one with an
                // unknown flag.
                TrieBuilder.list(TrieBuilder.string(new byte[] {0}), hash),
                TrieBuilder.list(TrieBuilder.string(path), hash),
                TrieBuilder.list(TrieBuilder.string(new byte[] {0x01, 0}), hash),
                TrieBuilder.list(TrieBuilder.string(new byte[] {0x10}), nothing),
                TrieBuilder.list(TrieBuilder.string(new byte[] {0x40, 0}), hash),
                // A leaf with a path that is too short, and one that is too long.
                TrieBuilder.list(TrieBuilder.string(new byte[] {0x20, 0}), hash),
                TrieBuilder.list(TrieBuilder.string(new byte[34]), hash),
                // A child that is neither a hash nor a node, and one that is too long to stand in its parent.
                TrieBuilder.list(TrieBuilder.string(new byte[] {0x10}), TrieBuilder.string(new byte[31])),
                TrieBuilder.list(
                        TrieBuilder.string(new byte[] {0x10}),
                        TrieBuilder.list(TrieBuilder.string(new byte[20]), TrieBuilder.string(new byte[20]))),
                // Bytes behind the node, and a node that is cut off.
                new byte[] {(byte) 0xc0, 0},
                new byte[] {(byte) 0xc1},
                new byte[0],
                new byte[TrieProof.LONGEST_NODE + 1])) {
            Hash32 root = Hash32.of(Keccak256.digest(node));
            assertThatThrownBy(() -> TrieProof.value(root, Hash32.ZERO, List.of(node)))
                    .as(HexFormat.of().formatHex(node))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anEmptyTrieHasNothing() {
        assertThat(TrieProof.value(TrieProof.EMPTY_ROOT, any(), List.of())).isEmpty();
        assertThat(TrieProof.value(TrieProof.EMPTY_ROOT, any(), List.of(new byte[] {(byte) 0x80})))
                .isEqualTo(Optional.empty());
        assertThatThrownBy(() -> TrieProof.value(any(), any(), List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private void refused(TrieBuilder trie, Hash32 key, List<byte[]> proof) {
        Hash32 root = trie.root();
        assertThatThrownBy(() -> TrieProof.value(root, key, proof)).isInstanceOf(IllegalArgumentException.class);
    }

    private TrieBuilder filled(int size) {
        TrieBuilder trie = new TrieBuilder();
        for (int i = 0; i < size; i++) {
            trie.put(any(), TrieBuilder.string(new byte[1 + random.nextInt(40)]));
        }
        return trie;
    }

    private static List<byte[]> copy(List<byte[]> nodes) {
        List<byte[]> copy = new ArrayList<>();
        nodes.forEach(node -> copy.add(node.clone()));
        return copy;
    }

    private Hash32 any() {
        byte[] bytes = new byte[Hash32.BYTES];
        random.nextBytes(bytes);
        return Hash32.of(bytes);
    }

    private static Hash32 ending(Hash32 base, int last) {
        byte[] bytes = base.bytes();
        bytes[31] = (byte) last;
        return Hash32.of(bytes);
    }
}
