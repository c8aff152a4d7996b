package openledger.commitment.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogNodesTest {
    private static final int LARGEST = 70;
    private static final List<String> ENTRIES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    /** The tree of eight entries that implementations of RFC 6962 are held against. */
    @ParameterizedTest
    @CsvSource({
        "0, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "1, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "2, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "3, aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "4, d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "5, 4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "6, 76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "7, ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "8, 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    })
    void hashAsTheStandardDoes(int size, String root) {
        MemoryLog log = new MemoryLog();
        ENTRIES.stream().limit(size).map(HexFormat.of()::parseHex).forEach(log::append);

        assertThat(log.range().root()).isEqualTo(Hash32.parse("0x" + root));
        assertThat(log.root(size)).isEqualTo(log.range().root());
    }

    @Test
    void everyRootOfThePastCanBeMadeAgain() {
        MemoryLog log = new MemoryLog();
        List<Hash32> roots = new ArrayList<>();
        for (int size = 0; size <= LARGEST; size++) {
            roots.add(log.range().root());
            log.append(new byte[] {(byte) size});
        }

        for (int size = 0; size <= LARGEST; size++) {
            assertThat(log.root(size)).isEqualTo(roots.get(size));
        }
    }

    @Test
    void everyEntryIsProvedAtEverySizeAndAtNoOtherPlace() {
        MemoryLog log = MemoryLog.of(LARGEST);
        for (int size = 1; size <= LARGEST; size++) {
            Hash32 root = log.root(size);
            for (int index = 0; index < size; index++) {
                InclusionPath proof = log.inclusion(index, size);
                assertThat(proof.root(log.entryHash(index))).contains(root);
                for (int other = -1; other <= size; other++) {
                    if (other != index) {
                        assertThat(new InclusionPath(other, size, proof.path()).root(log.entryHash(index)))
                                .isNotEqualTo(Optional.of(root));
                    }
                }
            }
        }
    }

    @Test
    void noEntryIsProvedByAPathThatWasChanged() {
        MemoryLog log = MemoryLog.of(LARGEST);
        Random random = new Random(7);
        for (int index = 0; index < LARGEST; index++) {
            InclusionPath proof = log.inclusion(index, LARGEST);
            for (List<Hash32> path : changed(proof.path(), random)) {
                assertThat(new InclusionPath(index, LARGEST, path).root(log.entryHash(index)))
                        .isNotEqualTo(Optional.of(log.root(LARGEST)));
            }
        }
    }

    @Test
    void everySizeFollowsFromEveryEarlierOneAndFromNoOther() {
        MemoryLog log = MemoryLog.of(LARGEST);
        for (int size = 0; size <= LARGEST; size++) {
            for (int earlier = 0; earlier <= size; earlier++) {
                ConsistencyPath proof = log.consistency(earlier, size);
                assertThat(proof.proves(log.root(earlier), log.root(size)))
                        .as("%d to %d", earlier, size)
                        .isTrue();
                Hash32 forked = Hash32.of(new byte[Hash32.BYTES]);
                assertThat(proof.proves(forked, log.root(size))).isFalse();
                if (earlier > 0) {
                    assertThat(proof.proves(log.root(earlier), forked)).isFalse();
                }
            }
        }
    }

    @Test
    void noSizeFollowsByAPathThatWasChanged() {
        MemoryLog log = MemoryLog.of(LARGEST);
        Random random = new Random(8);
        for (int earlier = 1; earlier < LARGEST; earlier++) {
            ConsistencyPath proof = log.consistency(earlier, LARGEST);
            for (List<Hash32> path : changed(proof.path(), random)) {
                assertThat(new ConsistencyPath(earlier, LARGEST, path).proves(log.root(earlier), log.root(LARGEST)))
                        .isFalse();
            }
        }
    }

    /** Without one hash, with one more, with one that differs by a bit, and with two that have changed places. */
    private static List<List<Hash32>> changed(List<Hash32> path, Random random) {
        List<List<Hash32>> all = new ArrayList<>();
        for (int at = 0; at < path.size(); at++) {
            List<Hash32> without = new ArrayList<>(path);
            without.remove(at);
            all.add(without);
            List<Hash32> twice = new ArrayList<>(path);
            twice.add(at, path.get(at));
            all.add(twice);
            List<Hash32> flipped = new ArrayList<>(path);
            byte[] bytes = path.get(at).bytes();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            flipped.set(at, Hash32.of(bytes));
            all.add(flipped);
            if (at > 0) {
                List<Hash32> swapped = new ArrayList<>(path);
                swapped.set(at, path.get(at - 1));
                swapped.set(at - 1, path.get(at));
                all.add(swapped);
            }
        }
        return all;
    }

    @Test
    void whatIsNotThereCannotBeAskedFor() {
        MemoryLog log = MemoryLog.of(3);

        assertThatThrownBy(() -> log.inclusion(3, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> log.inclusion(-1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> log.consistency(4, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aLogGoesOnFromItsTrees() {
        MemoryLog log = MemoryLog.of(LARGEST);
        for (int size = 0; size < LARGEST; size++) {
            MemoryLog past = MemoryLog.of(size);
            CompactRange resumed =
                    new CompactRange(past.range().size(), past.range().trees());
            for (int index = size; index < LARGEST; index++) {
                resumed.append(log.entryHash(index), (level, at, root) -> {});
            }
            assertThat(resumed.root()).isEqualTo(log.root(LARGEST));
        }
        assertThatThrownBy(() -> new CompactRange(3, List.of(LogHasher.EMPTY_ROOT)))
                .hasMessageContaining("3 entries");
    }
}
