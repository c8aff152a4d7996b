package openledger.commitment.log;

import java.util.ArrayList;
import java.util.List;
import openledger.unit.Hash32;

/** Entries that are all at hand, and every node above them. Immutable. */
public final class HashedEntries implements LogNodes {
    private final List<List<Hash32>> levels = new ArrayList<>();
    private final int size;

    /** Those entries, in order. */
    public HashedEntries(List<byte[]> entries) {
        this.size = entries.size();
        LogHasher hasher = new LogHasher();
        CompactRange range = new CompactRange();
        for (byte[] entry : entries) {
            range.append(hasher.entry(entry), (level, index, root) -> {
                if (level == levels.size()) {
                    levels.add(new ArrayList<>());
                }
                levels.get(level).add(root);
            });
        }
    }

    /** The root over entries, for which nothing of the tree is kept. */
    public static Hash32 rootOf(List<byte[]> entries) {
        LogHasher hasher = new LogHasher();
        CompactRange range = new CompactRange();
        for (byte[] entry : entries) {
            range.append(hasher.entry(entry), (level, index, root) -> {});
        }
        return range.root();
    }

    /** The root over all of them. */
    public Hash32 root() {
        return root(size);
    }

    /** The proof that one of them is among all of them. */
    public InclusionPath inclusion(int index) {
        return inclusion(index, size);
    }

    @Override
    public Hash32 node(int level, long index) {
        if (level < 0
                || level >= levels.size()
                || index < 0
                || index >= levels.get(level).size()) {
            throw new IllegalArgumentException(size + " entries have no node " + index + " of level " + level);
        }
        return levels.get(level).get((int) index);
    }
}
