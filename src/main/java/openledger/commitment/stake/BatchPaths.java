package openledger.commitment.stake;

import java.util.ArrayList;
import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.log.LogHasher;
import openledger.unit.Hash32;

/**
 * The ways from the leaves of one batch to the root of its log, from what is published of the batch alone: its leaves, and the roots of the
 * complete trees that the log was made of before it. What stands to the left of a batch on a way up is always one of those trees, or above
 * them. Confined to one thread.
 */
public final class BatchPaths {
    private final BatchHeader header;
    private final long committedAt;
    private final List<byte[]> entries;
    private final List<Hash32> before;
    /** Place of the first entry in the tree, and how many entries the tree has. */
    private final long first;

    private final long size;
    private final Hash32 root;
    private final List<Hash32> hashes = new ArrayList<>();
    private final LogHasher hasher = new LogHasher();

    /**
     * The ways of a batch.
     *
     * @param committedAt time of its block, Unix s
     * @param before roots of the complete trees before it, largest first
     * @param leaves all of its leaves, in order
     * @throws IllegalArgumentException unless there are as many as the header says
     */
    public BatchPaths(BatchHeader header, long committedAt, List<Hash32> before, List<byte[]> leaves) {
        this(header, committedAt, new Tree(header.firstIndex(), header.size(), header.root()), before, leaves);
    }

    private BatchPaths(BatchHeader header, long committedAt, Tree tree, List<Hash32> before, List<byte[]> entries) {
        if (tree.first < 0 || before.size() != Long.bitCount(tree.first) || entries.size() != header.count()) {
            throw new IllegalArgumentException("these are not the trees and leaves of batch " + header.sequence());
        }
        this.header = header;
        this.committedAt = committedAt;
        this.first = tree.first;
        this.size = tree.size;
        this.root = tree.root;
        this.entries = entries;
        this.before = List.copyOf(before);
        entries.forEach(entry -> hashes.add(hasher.entry(entry)));
    }

    /**
     * The ways from the records of a batch to its {@code recordsRoot}: their tree is the batch's alone.
     *
     * @param committedAt time of its block, Unix s
     * @param records all of its records, in order
     * @throws IllegalArgumentException unless there are as many as the header says
     */
    public static BatchPaths ofRecords(BatchHeader header, long committedAt, List<byte[]> records) {
        return new BatchPaths(
                header, committedAt, new Tree(0, header.count(), header.recordsRoot()), List.of(), records);
    }

    /**
     * A leaf or record as a contract is shown it.
     *
     * @param place in the batch, from 0
     */
    public ShownLeaf shown(int place) {
        return new ShownLeaf(header, committedAt, entries.get(place), header.firstIndex() + place, path(first + place));
    }

    /** Whether the entries lead to the header's root: if not, no way does. */
    public boolean leadToTheRoot() {
        return root(0, size).equals(root);
    }

    /** RFC 9162, section 2.1.3.1, from the bottom. */
    private List<Hash32> path(long index) {
        List<Hash32> path = new ArrayList<>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + half(to - from);
            if (index < middle) {
                path.add(root(middle, to));
                to = middle;
            } else {
                path.add(root(from, middle));
                from = middle;
            }
        }
        return path.reversed();
    }

    /** Root of the entries from one to before another: a tree of the log's, so it is complete if it ends before the last. */
    private Hash32 root(long from, long to) {
        if (to <= first && isTreeBefore(from, to)) {
            return before.get(Long.bitCount(first) - Long.bitCount(first & (2 * (to - from) - 1)));
        }
        if (to - from == 1) {
            return hashes.get(Math.toIntExact(from - first));
        }
        long middle = from + half(to - from);
        return hasher.node(root(from, middle), root(middle, to));
    }

    /** Whether these entries are one of the trees that the log was made of before the batch. */
    private boolean isTreeBefore(long from, long to) {
        long span = to - from;
        return Long.bitCount(span) == 1 && (first & span) != 0 && (first & -(2 * span)) == from;
    }

    /** The largest power of two below a number. */
    private static long half(long entries) {
        return Long.highestOneBit(entries - 1);
    }

    /** Where the entries stand: the first of them, how many there are in all, and to what they lead. */
    private record Tree(long first, long size, Hash32 root) {}
}
