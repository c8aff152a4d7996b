package openledger.commitment.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;

final class LogEdgeTest {
    private static final int ENTRY = 8;

    private final Map<List<Long>, byte[]> kept = new HashMap<>();
    private final List<byte[]> entries = new ArrayList<>();

    private byte[] more(Random random, int count) {
        byte[] more = new byte[count * ENTRY];
        random.nextBytes(more);
        for (int i = 0; i < count; i++) {
            entries.add(Arrays.copyOfRange(more, i * ENTRY, (i + 1) * ENTRY));
        }
        return more;
    }

    private byte[] tile(TilePath path) {
        byte[] hashes = Objects.requireNonNull(kept.get(List.of((long) path.level(), path.index())), path.toString());
        return path.of(hashes);
    }

    @Test
    void growsLikeTheLogOfAllItsEntriesAndIsFoundAgainInItsTiles() {
        Random random = new Random(1);
        LogEdge edge = LogEdge.EMPTY;
        for (int step = 0; step < 400; step++) {
            int count = step % 7 == 0 ? 256 - (int) (edge.size() % 256) : random.nextInt(300);
            LogEdge.Growth growth = edge.append(more(random, count), ENTRY);
            growth.tiles().forEach(tile -> kept.put(List.of((long) tile.level(), tile.index()), tile.hashes()));
            edge = growth.edge();

            assertThat(LogEdge.of(edge.size(), this::tile)).isEqualTo(edge);
        }
        assertThat(edge.size()).isEqualTo(entries.size()).isGreaterThan(65_536 / 2);
        HashedEntries whole = new HashedEntries(entries);
        assertThat(edge.root()).isEqualTo(whole.root());
        for (int i = 0; i < 50; i++) {
            int size = 1 + random.nextInt(entries.size());
            int index = random.nextInt(size);
            TiledLog tiled = new TiledLog(size, path -> {
                assertThat(TiledLog.forInclusion(index, size)).contains(path);
                return tile(path);
            });
            assertThat(tiled.inclusion(index, size)).isEqualTo(whole.inclusion(index, size));
            assertThat(new CompactRange(size, LogEdge.of(size, this::tile).trees()).root())
                    .isEqualTo(whole.root(size));
        }
    }

    /** Every log of up to 66 entries, and those around full tiles, with every number of entries up to 66. */
    @Test
    void anyNumberAtOnceIsTheSameAsOneByOne() {
        byte[] all = more(new Random(2), 600);
        MemoryLog oneByOne = new MemoryLog();
        List<CompactRange> ranges = new ArrayList<>();
        for (int size = 0; size <= entries.size(); size++) {
            ranges.add(new CompactRange(size, oneByOne.range().trees()));
            if (size < entries.size()) {
                oneByOne.append(entries.get(size));
            }
        }
        IntStream.concat(IntStream.rangeClosed(0, 66), IntStream.of(189, 190, 254, 255, 256, 257, 511, 512, 513))
                .forEach(size -> {
                    LogEdge before = LogEdge.EMPTY
                            .append(Arrays.copyOf(all, size * ENTRY), ENTRY)
                            .edge();
                    for (int end = size; end <= size + 66; end++) {
                        LogEdge.Growth growth =
                                before.append(Arrays.copyOfRange(all, size * ENTRY, end * ENTRY), ENTRY);
                        assertThat(growth.edge().size()).isEqualTo(end);
                        assertThat(growth.edge().root())
                                .isEqualTo(ranges.get(end).root());
                        assertThat(growth.edge().trees())
                                .isEqualTo(ranges.get(end).trees());
                        assertThat(growth.tiles().stream().map(LogEdgeTest::path))
                                .containsExactlyInAnyOrderElementsOf(grown(size, end));
                        growth.tiles().forEach(tile -> assertThat(tile.hashes()).isEqualTo(oneByOne.tile(path(tile))));
                    }
                });
    }

    private static TilePath path(Tile tile) {
        return new TilePath(tile.level(), tile.index(), tile.hashes().length / Hash32.BYTES);
    }

    /** The tiles that have more hashes in the longer log. */
    private static List<TilePath> grown(long size, long end) {
        List<TilePath> grown = new ArrayList<>();
        for (int level = 0; level <= 1; level++) {
            for (long index = 0; TilePath.of(level, index, end).isPresent(); index++) {
                Optional<TilePath> path = TilePath.of(level, index, end);
                if (!path.equals(TilePath.of(level, index, size))) {
                    grown.add(path.orElseThrow());
                }
            }
        }
        return grown;
    }

    @Test
    void anEntryThatIsNotWholeIsRefused() {
        assertThatThrownBy(() -> LogEdge.EMPTY.append(new byte[ENTRY + 1], ENTRY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingAppendedChangesNothing() {
        LogEdge.Growth growth = LogEdge.EMPTY.append(new byte[0], ENTRY);

        assertThat(growth.edge()).isEqualTo(LogEdge.EMPTY);
        assertThat(growth.tiles()).isEmpty();
        assertThat(growth.edge().root()).isEqualTo(LogHasher.EMPTY_ROOT);
    }

    @Test
    void aTileThatIsTooShortIsRefused() {
        assertThatThrownBy(() -> LogEdge.of(3, path -> new byte[64])).isInstanceOf(IllegalArgumentException.class);
    }
}
