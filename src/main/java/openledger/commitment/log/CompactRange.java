package openledger.commitment.log;

import java.util.ArrayList;
import java.util.List;
import openledger.unit.Hash32;

/**
 * All that is needed of a log to append to it and to know its root: the roots of the complete trees that its size is made of, the
 * largest first, one for each bit of the size. Confined to one thread.
 */
public final class CompactRange {
    private final LogHasher hasher = new LogHasher();
    private final List<Hash32> trees;
    private long size;

    /** A log without entries. */
    public CompactRange() {
        this(0, List.of());
    }

    /**
     * A log that has got so far.
     *
     * @param size entries, from 0
     * @param trees as {@link #trees} told them
     * @throws IllegalArgumentException unless there is one for each bit of the size
     */
    public CompactRange(long size, List<Hash32> trees) {
        if (size < 0 || trees.size() != Long.bitCount(size)) {
            throw new IllegalArgumentException(
                    "a log of " + size + " entries is not made of " + trees.size() + " trees");
        }
        this.size = size;
        this.trees = new ArrayList<>(trees);
    }

    /** Entries so far. */
    public long size() {
        return size;
    }

    /** Roots of the complete trees, the largest first. */
    public List<Hash32> trees() {
        return List.copyOf(trees);
    }

    /**
     * Appends an entry by its hash.
     *
     * @param made told of each tree that is complete now, from the entry itself (level 0) upwards
     */
    public void append(Hash32 entryHash, NodeListener made) {
        Hash32 node = entryHash;
        made.complete(0, size, node);
        int level = 0;
        for (long left = size; (left & 1) == 1; left >>= 1) {
            node = hasher.node(trees.removeLast(), node);
            level++;
            made.complete(level, size >> level, node);
        }
        trees.add(node);
        size++;
    }

    /** The root of the log as it is. */
    public Hash32 root() {
        if (trees.isEmpty()) {
            return LogHasher.EMPTY_ROOT;
        }
        Hash32 root = trees.getLast();
        for (int i = trees.size() - 2; i >= 0; i--) {
            root = hasher.node(trees.get(i), root);
        }
        return root;
    }

    /** Keeps the nodes of the log. */
    @FunctionalInterface
    public interface NodeListener {
        /**
         * A complete tree of 2^level entries has its root, and keeps it for ever.
         *
         * @param index among the trees of its level, from 0
         */
        void complete(int level, long index, Hash32 root);
    }
}
