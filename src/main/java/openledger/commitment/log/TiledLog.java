package openledger.commitment.log;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import openledger.unit.Hash32;

/**
 * A log's nodes, read from its tiles, each of them once. What a tile says is believed: a proof made of it shows whether it was right.
 * Confined to one thread.
 */
public final class TiledLog implements LogNodes {
    private final long size;
    private final Function<TilePath, byte[]> tiles;
    private final LogHasher hasher = new LogHasher();
    private final Map<TilePath, byte[]> read = new HashMap<>();

    /**
     * A log as it was at a size.
     *
     * @param size entries
     * @param tiles the bytes of a tile: 32 for each hash
     */
    public TiledLog(long size, Function<TilePath, byte[]> tiles) {
        this.size = size;
        this.tiles = tiles;
    }

    /**
     * The tiles that an inclusion proof is made of.
     *
     * @throws IndexOutOfBoundsException if the log of so many entries has no such entry
     */
    public static Set<TilePath> forInclusion(long index, long size) {
        return needed(size, log -> log.inclusion(index, size));
    }

    /**
     * The tiles that a consistency proof is made of; none if nothing has to be shown.
     *
     * @throws IndexOutOfBoundsException unless 0 ≤ earlier ≤ size
     */
    public static Set<TilePath> forConsistency(long earlier, long size) {
        return needed(size, log -> log.consistency(earlier, size));
    }

    private static Set<TilePath> needed(long size, Consumer<LogNodes> proof) {
        Set<TilePath> needed = new LinkedHashSet<>();
        proof.accept((level, place) -> {
            int tile = level / TilePath.HEIGHT;
            long first = place << level % TilePath.HEIGHT;
            needed.add(TilePath.of(tile, first / TilePath.FULL, size).orElseThrow());
            return LogHasher.EMPTY_ROOT;
        });
        return needed;
    }

    /** @throws IllegalArgumentException if the log is not that long, or a tile has not the length that it must have */
    @Override
    public Hash32 node(int level, long index) {
        if (level < 0 || level >= Long.SIZE - 1 || index < 0 || index >= size >> level) {
            throw new IllegalArgumentException(
                    "a log of " + size + " entries has no node " + index + " of level " + level);
        }
        int tileLevel = level / TilePath.HEIGHT;
        int height = level % TilePath.HEIGHT;
        long first = index << height;
        int count = 1 << height;
        byte[] tile = tile(tileLevel, first / TilePath.FULL);
        int at = (int) (first % TilePath.FULL) * Hash32.BYTES;
        if (height == 0) {
            return Hash32.of(tile, at);
        }
        byte[] nodes = Arrays.copyOfRange(tile, at, at + count * Hash32.BYTES);
        for (int left = count; left > 1; left /= 2) {
            for (int i = 0; i < left / 2; i++) {
                hasher.node(nodes, 2 * i * Hash32.BYTES, nodes, i * Hash32.BYTES);
            }
        }
        return Hash32.of(nodes, 0);
    }

    private byte[] tile(int level, long index) {
        TilePath path = TilePath.of(level, index, size)
                .orElseThrow(() -> new IllegalArgumentException(
                        "a log of " + size + " entries has no tile " + index + " of level " + level));
        return read.computeIfAbsent(path, this::fetch);
    }

    private byte[] fetch(TilePath path) {
        byte[] tile = tiles.apply(path);
        if (tile.length != path.width() * Hash32.BYTES) {
            throw new IllegalArgumentException(path + " has " + tile.length + " bytes, not 32 for each hash");
        }
        return tile;
    }
}
