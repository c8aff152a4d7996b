package openledger.commitment.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
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
