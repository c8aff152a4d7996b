package openledger.commitment.state;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Hash32;

/** A Merkle-Patricia trie in memory, the plain way: made anew from its entries for each root and each proof. */
public final class TrieBuilder {
    private final TreeMap<String, byte[]> entries = new TreeMap<>();

    /** Sets what is under a key as the trie has it. */
    public TrieBuilder put(Hash32 key, byte[] value) {
        entries.put(nibbles(key), value);
        return this;
    }

    /** Sets a slot of a contract's storage. */
    public TrieBuilder slot(Hash32 slot, Hash32 word) {
        byte[] all = word.bytes();
        int zeros = 0;
        while (zeros < all.length && all[zeros] == 0) {
            zeros++;
        }
        byte[] shortest = new byte[all.length - zeros];
        System.arraycopy(all, zeros, shortest, 0, shortest.length);
        return put(Hash32.of(Keccak256.digest(slot.bytes())), string(shortest));
    }

    public Hash32 root() {
        return Hash32.of(Keccak256.digest(node(List.copyOf(entries.entrySet()), 0, "-", new ArrayList<>())));
    }

    /** Nodes from the root on. */
    public List<byte[]> proof(Hash32 key) {
        List<byte[]> nodes = new ArrayList<>();
        node(List.copyOf(entries.entrySet()), 0, nibbles(key), nodes);
        return nodes;
    }

    private static byte[] node(List<Map.Entry<String, byte[]>> below, int depth, String followed, List<byte[]> nodes) {
        byte[] node = encoded(below, depth, followed, nodes);
        boolean isOnTheWay = below.isEmpty()
                ? depth == 0
                : followed.length() > 1
                        && followed.regionMatches(0, below.getFirst().getKey(), 0, depth);
        if (isOnTheWay && (depth == 0 || node.length >= 32)) {
            nodes.addFirst(node);
        }
        return node;
    }

    private static byte[] encoded(
            List<Map.Entry<String, byte[]>> below, int depth, String followed, List<byte[]> nodes) {
        if (below.isEmpty()) {
            return string(new byte[0]);
        }
        String first = below.getFirst().getKey();
        if (below.size() == 1) {
            return list(
                    string(path(first.substring(depth), 2)),
                    string(below.getFirst().getValue()));
        }
        String last = below.getLast().getKey();
        int common = depth;
        while (first.charAt(common) == last.charAt(common)) {
            common++;
        }
        if (common > depth) {
            return list(
                    string(path(first.substring(depth, common), 0)), reference(node(below, common, followed, nodes)));
        }
        byte[][] children = new byte[17][];
        for (int i = 0; i < 16; i++) {
            char nibble = Character.forDigit(i, 16);
            List<Map.Entry<String, byte[]>> child = below.stream()
                    .filter(entry -> entry.getKey().charAt(depth) == nibble)
                    .toList();
            children[i] = child.isEmpty() ? string(new byte[0]) : reference(node(child, depth + 1, followed, nodes));
        }
        children[16] = string(new byte[0]);
        return list(children);
    }

    private static byte[] reference(byte[] node) {
        return node.length < 32 ? node : string(Keccak256.digest(node));
    }

    private static byte[] path(String nibbles, int flag) {
        boolean isOdd = nibbles.length() % 2 == 1;
        return HexFormat.of().parseHex((isOdd ? flag + 1 + "" : flag + "0") + nibbles);
    }

    private static String nibbles(Hash32 key) {
        return key.toString().substring(2);
    }

    /** RLP of a string. */
    public static byte[] string(byte[] bytes) {
        return bytes.length == 1 && bytes[0] >= 0 ? bytes : join(prefix(bytes.length, 0x80), bytes);
    }

    /** RLP of a list of encoded items. */
    public static byte[] list(byte[]... items) {
        byte[] content = join(items);
        return join(prefix(content.length, 0xc0), content);
    }

    private static byte[] prefix(int length, int base) {
        return length < 56
                ? new byte[] {(byte) (base + length)}
                : length < 256
                        ? new byte[] {(byte) (base + 56), (byte) length}
                        : new byte[] {(byte) (base + 57), (byte) (length >> 8), (byte) length};
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
