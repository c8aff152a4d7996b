package openledger.commitment.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import openledger.unit.Hash32;

/**
 * The right edge of a log: its tiles that are not full, which is all that is needed to append to it and to know its root. Immutable.
 */
public final class LogEdge {
    /** The edge of a log without entries. */
    public static final LogEdge EMPTY = new LogEdge(new CompactRange(), List.of());

    private static final byte[] NO_HASHES = {};

    private final long size;
    private final List<Hash32> trees;
    private final Hash32 root;
    /** Of each level the hashes of the tile that is not full, perhaps none. */
    private final List<byte[]> open;

    private LogEdge(CompactRange range, List<byte[]> open) {
        this.size = range.size();
        this.trees = range.trees();
        this.root = range.root();
        this.open = List.copyOf(open);
    }

    /**
     * The edge of a log that is kept as tiles.
     *
     * @param size entries, from 0
     * @param tiles the hashes of a tile; only those are asked for that are not full
     * @throws IllegalArgumentException if a tile has not the length that it must have
     */
    public static LogEdge of(long size, Function<TilePath, byte[]> tiles) {
        List<byte[]> open = openTiles(size).stream()
                .map(path -> path.map(tiles).orElse(NO_HASHES))
                .toList();
        TiledLog log = new TiledLog(size, path -> open.get(path.level()));
        List<Hash32> trees = new ArrayList<>();
        for (int level = Long.SIZE - 1 - Long.numberOfLeadingZeros(size); level >= 0; level--) {
            if ((size >> level & 1) == 1) {
                trees.add(log.node(level, (size >> level) - 1));
            }
        }
        return new LogEdge(new CompactRange(size, trees), open);
    }

    /** The tiles that {@link #of} asks for. */
    public static List<TilePath> needed(long size) {
        return openTiles(size).stream().flatMap(Optional::stream).toList();
    }

    /** Of each level the tile that is not full; empty if it has no hash yet. */
    private static List<Optional<TilePath>> openTiles(long size) {
        List<Optional<TilePath>> open = new ArrayList<>();
        for (int level = 0; size >> (level * TilePath.HEIGHT) > 0; level++) {
            open.add(TilePath.of(level, (size >> (level * TilePath.HEIGHT)) / TilePath.FULL, size));
        }
        return open;
    }

    /** Entries of the log. */
    public long size() {
        return size;
    }

    /** The root of the log. */
    public Hash32 root() {
        return root;
    }

    /** Equal to the edge of a log with the same entries. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LogEdge same && same.size == size && same.root.equals(root);
    }

    @Override
    public int hashCode() {
        return root.hashCode();
    }

    @Override
    public String toString() {
        return size + " entries, root " + root;
    }

    /** {@link CompactRange#trees} of the log. */
    public List<Hash32> trees() {
        return trees;
    }

    /**
     * The log with more entries.
     *
     * @param edge of the longer log
     * @param tiles those that have got hashes, full ones and those that are not
     */
    public record Growth(LogEdge edge, List<Tile> tiles) {
        public Growth {
            tiles = List.copyOf(tiles);
        }
    }

    /**
     * Appends entries of one length.
     *
     * @param entries one behind the other
     * @param length of each in bytes
     * @throws IllegalArgumentException if the last one is not whole
     */
    public Growth append(byte[] entries, int length) {
        if (entries.length % length != 0) {
            throw new IllegalArgumentException("entries of " + length + " bytes do not take " + entries.length);
        }
        return new Growing(this).append(entries, length);
    }

    /** A log while it grows: level by level, in one array, because a batch costs little else than its hashes. */
    private static final class Growing {
        private final LogHasher hasher = new LogHasher();
        private final long size;
        /** The roots of the trees that are whole, the largest first: those of before that the new entries have not reached. */
        private final List<Hash32> trees;
        /** Of the new trees, the smallest first. */
        private final List<Hash32> made = new ArrayList<>();

        private final List<byte[]> open;
        private final List<Tile> full = new ArrayList<>();
        private final List<Tile> partial = new ArrayList<>();

        Growing(LogEdge before) {
            this.size = before.size;
            this.trees = new ArrayList<>(before.trees);
            this.open = new ArrayList<>(before.open);
        }

        Growth append(byte[] entries, int length) {
            int count = entries.length / length;
            // The first place is for the node of before that becomes the left one of a pair.
            byte[] nodes = new byte[(1 + count) * Hash32.BYTES];
            for (int i = 0; i < count; i++) {
                hasher.entry(entries, i * length, length, nodes, (1 + i) * Hash32.BYTES);
            }
            int above = count;
            for (int level = 0; above > 0; level++) {
                if (level % TilePath.HEIGHT == 0) {
                    addToTiles(level / TilePath.HEIGHT, nodes, above);
                }
                above = parents(level, nodes, above);
            }
            trees.addAll(made.reversed());
            full.addAll(partial);
            return new Growth(new LogEdge(new CompactRange(size + count, trees), open), full);
        }

        /** Puts the nodes above {@code count} nodes of a level in their place; how many these are. */
        private int parents(int level, byte[] nodes, int count) {
            int left = (int) (size >> level & 1);
            if (left == 1) {
                trees.removeLast().copyTo(nodes, 0);
            }
            int first = (1 - left) * Hash32.BYTES;
            int pairs = (count + left) / 2;
            if ((count + left) % 2 == 1) {
                made.add(Hash32.of(nodes, count * Hash32.BYTES));
            }
            for (int i = 0; i < pairs; i++) {
                hasher.node(nodes, first + 2 * i * Hash32.BYTES, nodes, (1 + i) * Hash32.BYTES);
            }
            return pairs;
        }

        private void addToTiles(int level, byte[] nodes, int count) {
            if (level == open.size()) {
                open.add(NO_HASHES);
            }
            byte[] before = open.get(level);
            int length = before.length + count * Hash32.BYTES;
            byte[] hashes = Arrays.copyOf(before, length);
            System.arraycopy(nodes, Hash32.BYTES, hashes, before.length, count * Hash32.BYTES);
            long index = (size >> (level * TilePath.HEIGHT)) / TilePath.FULL;
            int at = 0;
            for (; length - at >= Tile.BYTES; at += Tile.BYTES) {
                full.add(new Tile(level, index++, Arrays.copyOfRange(hashes, at, at + Tile.BYTES)));
            }
            byte[] rest = Arrays.copyOfRange(hashes, at, length);
            open.set(level, rest);
            if (rest.length > 0) {
                partial.add(new Tile(level, index, rest));
            }
        }
    }
}
