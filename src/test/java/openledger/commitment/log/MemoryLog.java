package openledger.commitment.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.unit.Hash32;

/** A log in memory, appended to as the router does, and cut into tiles. Confined to one thread. */
public final class MemoryLog implements LogNodes {
    private final LogHasher hasher = new LogHasher();
    private final CompactRange range = new CompactRange();
    private final Map<Integer, List<Hash32>> nodes = new HashMap<>();
    final List<byte[]> entries = new ArrayList<>();

    /** A log of so many entries, all different. */
    public static MemoryLog of(int size) {
        MemoryLog log = new MemoryLog();
        for (int i = 0; i < size; i++) {
            log.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
        }
        return log;
    }

    public void append(byte[] entry) {
        entries.add(entry);
        range.append(
                hasher.entry(entry),
                (level, index, root) ->
                        nodes.computeIfAbsent(level, first -> new ArrayList<>()).add(root));
    }

    CompactRange range() {
        return range;
    }

    Hash32 entryHash(long index) {
        return node(0, index);
    }

    @Override
    public Hash32 node(int level, long index) {
        return nodes.getOrDefault(level, List.of()).get((int) index);
    }

    /** The bytes of a tile. */
    byte[] tile(TilePath path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < path.width(); i++) {
            bytes.writeBytes(node(path.level() * TilePath.HEIGHT, path.index() * TilePath.FULL + i)
                    .bytes());
        }
        return bytes.toByteArray();
    }
}
