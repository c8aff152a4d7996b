package openledger.commitment.log;

import java.util.ArrayList;
import java.util.List;
import openledger.unit.Hash32;

/**
 * The roots of a log's complete trees, from which its roots and proofs at any size follow: at most one node for each level and proof.
 * Sources: RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1.
 */
@FunctionalInterface
public interface LogNodes {
    /**
     * The root of the complete tree over entries {@code index << level} to {@code ((index + 1) << level) - 1}.
     *
     * @throws IllegalArgumentException if the log is not that long
     */
    Hash32 node(int level, long index);

    /** The root of the log when it had so many entries. */
    default Hash32 root(long size) {
        return size == 0 ? LogHasher.EMPTY_ROOT : range(0, size, new LogHasher());
    }

    /**
     * The proof that the entry at an index is part of the log of so many entries.
     *
     * @throws IndexOutOfBoundsException if it is not
     */
    default InclusionPath inclusion(long index, long size) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("entry " + index + " of a log of " + size);
        }
        LogHasher hasher = new LogHasher();
        List<Hash32> path = new ArrayList<>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + split(to - from);
            if (index < middle) {
                path.addFirst(range(middle, to, hasher));
                to = middle;
            } else {
                path.addFirst(range(from, middle, hasher));
                from = middle;
            }
        }
        return new InclusionPath(index, size, path);
    }

    /**
     * The proof that the log of {@code size} entries begins with the log of {@code earlier} ones.
     *
     * @throws IndexOutOfBoundsException unless 0 ≤ earlier ≤ size
     */
    default ConsistencyPath consistency(long earlier, long size) {
        if (earlier < 0 || earlier > size) {
            throw new IndexOutOfBoundsException("a log of " + earlier + " entries before one of " + size);
        }
        List<Hash32> path = new ArrayList<>();
        if (earlier > 0 && earlier < size) {
            LogHasher hasher = new LogHasher();
            long from = 0;
            long to = size;
            boolean whole = true;
            while (earlier != to) {
                long middle = from + split(to - from);
                if (earlier <= middle) {
                    path.addFirst(range(middle, to, hasher));
                    to = middle;
                } else {
                    path.addFirst(range(from, middle, hasher));
                    from = middle;
                    whole = false;
                }
            }
            if (!whole) {
                path.addFirst(range(from, to, hasher));
            }
        }
        return new ConsistencyPath(earlier, size, path);
    }

    /** The largest power of two below {@code count}, which is above 1. */
    private static long split(long count) {
        return Long.highestOneBit(count - 1);
    }

    /** The root over entries {@code from} to {@code to - 1}, of which {@code from} is where a tree of that size may begin. */
    private Hash32 range(long from, long to, LogHasher hasher) {
        long count = to - from;
        if (Long.bitCount(count) == 1) {
            int level = Long.numberOfTrailingZeros(count);
            return node(level, from >> level);
        }
        long middle = from + split(count);
        return hasher.node(range(from, middle, hasher), range(middle, to, hasher));
    }
}
