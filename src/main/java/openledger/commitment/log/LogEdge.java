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
     */
    public Growth append(byte[] entries, int length) {
        CompactRange range = new CompactRange(size, trees);
        GrowingTiles growing = new GrowingTiles(size, open);
        LogHasher hasher = new LogHasher();
        for (int at = 0; at < entries.length; at += length) {
            range.append(hasher.entry(entries, at, length), growing);
        }
        return new Growth(new LogEdge(range, growing.open()), growing.tiles());
    }

    /** The tiles at the edge of a log while it grows. */
    private static final class GrowingTiles implements CompactRange.NodeListener {
        private final List<Tile> full = new ArrayList<>();
        private final List<GrowingTile> levels = new ArrayList<>();

        GrowingTiles(long size, List<byte[]> open) {
            for (int level = 0; level < open.size(); level++) {
                long place = (size >> (level * TilePath.HEIGHT)) / TilePath.FULL;
                levels.add(new GrowingTile(level, place, open.get(level)));
            }
        }

        @Override
        public void complete(int level, long index, Hash32 root) {
            if (level % TilePath.HEIGHT == 0) {
                add(level / TilePath.HEIGHT, root);
            }
        }

        private void add(int level, Hash32 hash) {
            if (level == levels.size()) {
                levels.add(new GrowingTile(level, 0, NO_HASHES));
            }
            GrowingTile growing = levels.get(level);
            growing.add(hash);
            if (growing.width == TilePath.FULL) {
                full.add(growing.tile());
                levels.set(level, new GrowingTile(level, growing.index + 1, NO_HASHES));
            }
        }

        /** Those that have got hashes, full ones first. */
        List<Tile> tiles() {
            List<Tile> tiles = new ArrayList<>(full);
            levels.stream().filter(GrowingTile::hasGrown).map(GrowingTile::tile).forEach(tiles::add);
            return tiles;
        }

        List<byte[]> open() {
            return levels.stream().map(GrowingTile::hashes).toList();
        }
    }

    /** One of them. */
    private static final class GrowingTile {
        private final int level;
        private final long index;
        private final int before;
        private final byte[] hashes;
        private int width;

        GrowingTile(int level, long index, byte[] hashes) {
            this.level = level;
            this.index = index;
            this.before = hashes.length / Hash32.BYTES;
            this.width = before;
            this.hashes = Arrays.copyOf(hashes, Tile.BYTES);
        }

        void add(Hash32 hash) {
            hash.copyTo(hashes, width * Hash32.BYTES);
            width++;
        }

        boolean hasGrown() {
            return width > before;
        }

        byte[] hashes() {
            return Arrays.copyOf(hashes, width * Hash32.BYTES);
        }

        Tile tile() {
            return new Tile(level, index, hashes());
        }
    }
}
