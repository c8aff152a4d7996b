package openledger.commitment.log;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.unit.Hash32;

/**
 * The name of a tile, or of a bundle of entries, of a log: C2SP tlog-tiles. A tile has up to 256 hashes of one level, each the root
 * over 256^level entries; a bundle has the entries of a tile of level 0.
 *
 * @param level of the tile, 0 to 7: no log is longer than 2^63; {@link #ENTRIES} for a bundle
 * @param index among those of its level, from 0
 * @param width hashes or entries in it, 1 to 256; fewer than 256 while the log has no more
 */
public record TilePath(int level, long index, int width) {
    /** Level of a bundle. */
    public static final int ENTRIES = -1;
    /** Hashes of a full tile. */
    public static final int FULL = 256;
    /** Levels of the tree that a tile covers. */
    static final int HEIGHT = 8;

    private static final int HIGHEST = 7;
    private static final int GROUP = 1_000;
    private static final Pattern TEXT =
            Pattern.compile("tile/(entries|[0-7])/((?:x[0-9]{3}/)*[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");
    /** Longer than any index of 63 bits needs. */
    private static final int LONGEST_TEXT = 64;

    public TilePath {
        if (level < ENTRIES || level > HIGHEST || index < 0 || width < 1 || width > FULL) {
            throw new IllegalArgumentException("no tile: level " + level + ", index " + index + ", width " + width);
        }
    }

    /** The tile, or bundle, with an index as it is in a log of so many entries; empty if the log has none of it. */
    public static Optional<TilePath> of(int level, long index, long size) {
        long nodes = level <= 0 ? size : size >> (HEIGHT * level);
        long before = index * FULL;
        return index < 0 || index > nodes / FULL || before >= nodes
                ? Optional.empty()
                : Optional.of(new TilePath(level, index, (int) Math.min(FULL, nodes - before)));
    }

    /** Reads {@code tile/<level or entries>/<index>[.p/<width>]}; empty for any other text, also for another way to write the same. */
    public static Optional<TilePath> parse(String text) {
        Matcher parts = TEXT.matcher(text.length() > LONGEST_TEXT ? "" : text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int level = "entries".equals(parts.group(1)) ? ENTRIES : Integer.parseInt(parts.group(1));
        int width = parts.group(3) == null ? FULL : Integer.parseInt(parts.group(3));
        try {
            long index = Long.parseLong(parts.group(2).replaceAll("[x/]", ""));
            TilePath path = new TilePath(level, index, width);
            // One name for each tile: no leading groups of zeros, no partial tile of full width.
            return path.toString().equals(text) ? Optional.of(path) : Optional.empty();
        } catch (IllegalArgumentException tooLarge) {
            return Optional.empty();
        }
    }

    /**
     * The hashes of this tile, of those of the same tile at the same or a larger size.
     *
     * @throws IllegalArgumentException if it has fewer
     */
    public byte[] of(byte[] hashes) {
        int length = width * Hash32.BYTES;
        if (hashes.length < length) {
            throw new IllegalArgumentException(this + " has " + hashes.length + " bytes, not " + length);
        }
        return hashes.length == length ? hashes : Arrays.copyOf(hashes, length);
    }

    /** True if nothing will be added to it. */
    public boolean isFull() {
        return width == FULL;
    }

    /** As a log serves it, below its prefix. */
    @Override
    public String toString() {
        StringBuilder groups = new StringBuilder(String.format(Locale.ROOT, "%03d", index % GROUP));
        for (long left = index / GROUP; left > 0; left /= GROUP) {
            groups.insert(0, String.format(Locale.ROOT, "x%03d/", left % GROUP));
        }
        String kind = level == ENTRIES ? "entries" : String.valueOf(level);
        return "tile/" + kind + "/" + groups + (isFull() ? "" : ".p/" + width);
    }
}
