package openledger.commitment;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.HashedEntries;
import openledger.unit.Hash32;

/** Leaves one behind the other, as batches have them. */
public final class LeafBytes {
    private LeafBytes() {}

    /** Each of them. */
    public static List<byte[]> split(byte[] leaves) {
        return IntStream.range(0, leaves.length / LeafEncoding.BYTES)
                .mapToObj(i -> Arrays.copyOfRange(leaves, i * LeafEncoding.BYTES, (i + 1) * LeafEncoding.BYTES))
                .toList();
    }

    /** Hashes one behind the other. */
    public static List<Hash32> words(byte[] hashes) {
        return IntStream.range(0, hashes.length / Hash32.BYTES)
                .mapToObj(i -> Hash32.of(hashes, i * Hash32.BYTES))
                .toList();
    }

    /** The log of exactly these. */
    public static HashedEntries log(byte[] leaves) {
        return new HashedEntries(split(leaves));
    }

    /** So many that stand for leaves. */
    public static byte[] any(int count) {
        byte[] leaves = new byte[count * LeafEncoding.BYTES];
        new Random(count).nextBytes(leaves);
        return leaves;
    }
}
