package openledger.commitment.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TilesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 256, tile/0/000",
        "0, 1234067, 256, tile/0/x001/x234/067",
        "1, 5, 17, tile/1/005.p/17",
        "7, 999, 1, tile/7/999.p/1",
        "0, 9223372036854775807, 256, tile/0/x009/x223/x372/x036/x854/x775/807",
    })
    void haveNames(int level, long index, int width, String name) {
        TilePath path = new TilePath(level, index, width);

        assertThat(path).hasToString(name);
        assertThat(TilePath.parse(name)).contains(path);
    }

    @Test
    void ofEntriesHaveNamesAsWell() {
        assertThat(TilePath.parse("tile/entries/x001/000.p/3")).contains(new TilePath(TilePath.ENTRIES, 1_000, 3));
        assertThat(new TilePath(TilePath.ENTRIES, 1_000, 3)).hasToString("tile/entries/x001/000.p/3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tile/8/000",
                "tile/-1/000",
                "tile/00/000",
                "tile/0/0",
                "tile/0/0000",
                "tile/0/x000/001",
                "tile/0/001/002",
                "tile/0/000.p/0",
                "tile/0/000.p/256",
                "tile/0/000.p/999",
                "tile/0/000.p/01",
                "tile/0/000.p/1/",
                "tile/0/000/",
                "/tile/0/000",
                "tile/0/../000",
                "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                "tile/0/x009/x223/x372/x036/x854/x775/808",
                "tile/entries/x1/000",
            })
    void haveNoOtherNames(String name) {
        assertThat(TilePath.parse(name)).isEmpty();
    }

    /** The example of the standard. */
    @Test
    void ofALogOfSeventyThousandEntries() {
        assertThat(TilePath.of(0, 272, 70_000)).contains(new TilePath(0, 272, 256));
        assertThat(TilePath.of(0, 273, 70_000)).contains(new TilePath(0, 273, 112));
        assertThat(TilePath.of(0, 274, 70_000)).isEmpty();
        assertThat(TilePath.of(1, 0, 70_000)).contains(new TilePath(1, 0, 256));
        assertThat(TilePath.of(1, 1, 70_000)).contains(new TilePath(1, 1, 17));
        assertThat(TilePath.of(2, 0, 70_000)).contains(new TilePath(2, 0, 1));
        assertThat(TilePath.of(3, 0, 70_000)).isEmpty();
        assertThat(TilePath.of(1, 0, 256)).contains(new TilePath(1, 0, 1));
        assertThat(TilePath.of(1, 0, 255)).isEmpty();
        assertThat(TilePath.of(0, Long.MAX_VALUE, Long.MAX_VALUE)).isEmpty();
        assertThat(TilePath.of(TilePath.ENTRIES, 273, 70_000)).contains(new TilePath(TilePath.ENTRIES, 273, 112));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 255, 256, 257, 511, 512, 513, 1_000, 66_000})
    void giveTheSameRootsAndProofsAsTheLog(int size) {
        MemoryLog log = MemoryLog.of(size);
        TiledLog tiled = new TiledLog(size, log::tile);

        assertThat(tiled.root(size)).isEqualTo(log.root(size));
        for (int index : new int[] {0, 1, size / 3, size / 2, size - 2, size - 1}) {
            if (index >= 0 && index < size) {
                assertThat(tiled.inclusion(index, size)).isEqualTo(log.inclusion(index, size));
                assertThat(tiled.consistency(index, size)).isEqualTo(log.consistency(index, size));
            }
        }
    }

    @Test
    void areReadOnceAndOnlyWhatIsNeeded() {
        MemoryLog log = MemoryLog.of(66_000);
        int[] read = {0};
        TiledLog tiled = new TiledLog(66_000, path -> {
            read[0]++;
            return log.tile(path);
        });

        tiled.inclusion(12_345, 66_000);
        tiled.inclusion(12_345, 66_000);

        assertThat(read[0]).isLessThanOrEqualTo(5);
    }

    @Test
    void ofTheWrongLengthAreRefused() {
        TiledLog tiled = new TiledLog(3, path -> new byte[64]);

        assertThatThrownBy(() -> tiled.root(3)).hasMessageContaining("64 bytes");
        assertThatThrownBy(() -> threeEntries().node(0, 3)).hasMessageContaining("3 entries");
        assertThatThrownBy(() -> threeEntries().node(2, 0)).hasMessageContaining("3 entries");
        assertThatThrownBy(() -> threeEntries().node(0, -1)).hasMessageContaining("3 entries");
        assertThatThrownBy(() -> threeEntries().node(-1, 0)).hasMessageContaining("3 entries");
        assertThatThrownBy(() -> new TiledLog(256, MemoryLog.of(256)::tile).node(7, 1L << 57))
                .hasMessageContaining("256 entries");
    }

    private static TiledLog threeEntries() {
        return new TiledLog(3, MemoryLog.of(3)::tile);
    }

    @Test
    void bundlesHoldEntriesOfAnyLength() {
        List<byte[]> entries = List.of(new byte[0], new byte[96], new byte[0xffff]);

        byte[] bundle = EntryBundle.of(entries);

        assertThat(bundle).hasSize(6 + 96 + 0xffff);
        assertThat(EntryBundle.entries(bundle, 3)).usingRecursiveComparison().isEqualTo(entries);
        for (int cut : new int[] {1, 3, 50, bundle.length - 1}) {
            byte[] part = Arrays.copyOf(bundle, cut);
            assertThatThrownBy(() -> EntryBundle.entries(part, 3)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> EntryBundle.entries(bundle, 2)).hasMessageContaining("one too many");
        assertThatThrownBy(() -> EntryBundle.entries(bundle, 4)).hasMessageContaining("3 entries, not 4");
        assertThatThrownBy(() -> EntryBundle.of(List.of(new byte[0x1_0000]))).hasMessageContaining("65536");
    }
}
