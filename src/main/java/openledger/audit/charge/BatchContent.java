package openledger.audit.charge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import openledger.audit.court.LaneChain;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.CompactRange;
import openledger.commitment.log.LogHasher;
import openledger.commitment.stake.BatchPaths;
import openledger.unit.Hash32;

/**
 * What was committed with a header, whoever has served it: only what leads to the header's root becomes one of these. Immutable.
 *
 * @param committed what the chain has of it
 * @param before roots of the complete trees that the log was made of before it, largest first
 * @param bytes its leaves, {@value LeafEncoding#BYTES} bytes each, which may be no leaves; never changed after construction
 */
@SuppressWarnings("ArrayRecordComponent") // a hundred kilobytes that nobody compares
public record BatchContent(LaneChain.Committed committed, List<Hash32> before, byte[] bytes) {
    public BatchContent {
        before = List.copyOf(before);
    }

    /** Holds what was served against the header; empty if it does not lead to the root. */
    public static Optional<BatchContent> of(LaneChain.Committed committed, List<Hash32> before, byte[] bytes) {
        BatchHeader header = committed.header();
        boolean fits = header.count() >= 1
                && header.count() <= BatchHeader.MOST_LEAVES
                && bytes.length == header.count() * LeafEncoding.BYTES
                && header.firstIndex() >= 0
                && before.size() == Long.bitCount(header.firstIndex());
        if (!fits) {
            return Optional.empty();
        }
        return grown(header.firstIndex(), before, bytes).root().equals(header.root())
                ? Optional.of(new BatchContent(committed, before, bytes))
                : Optional.empty();
    }

    /** A log of these trees to which leaves were appended. */
    static CompactRange grown(long size, List<Hash32> trees, byte[] leaves) {
        CompactRange log = new CompactRange(size, trees);
        LogHasher hasher = new LogHasher();
        for (int at = 0; at < leaves.length; at += LeafEncoding.BYTES) {
            log.append(hasher.entry(leaves, at, LeafEncoding.BYTES), (level, index, root) -> {});
        }
        return log;
    }

    BatchHeader header() {
        return committed.header();
    }

    /** The bytes of a leaf, by its place in the batch, from 0. */
    byte[] leaf(int place) {
        return Arrays.copyOfRange(bytes, place * LeafEncoding.BYTES, (place + 1) * LeafEncoding.BYTES);
    }

    /** All of its leaves, in order. */
    List<byte[]> leaves() {
        List<byte[]> all = new ArrayList<>(header().count());
        for (int place = 0; place < header().count(); place++) {
            all.add(leaf(place));
        }
        return all;
    }

    /** The ways from its leaves to the root. */
    public BatchPaths paths() {
        return new BatchPaths(header(), committed.committedAt(), before, leaves());
    }

    /** Roots of the complete trees that the log is made of after it. */
    public List<Hash32> after() {
        return grown(header().firstIndex(), before, bytes).trees();
    }
}
