package openledger.commitment.stake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.log.CompactRange;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogHasher;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;

final class BatchPathsTest {
    private static final int LARGEST = 70;

    /** Every size up to 70, cut at every place: all that a way can look like at its bottom. */
    @Test
    void everyLeafOfEveryBatchIsShownToStandWhereItDoes() {
        for (int size = 1; size <= LARGEST; size++) {
            for (int first = 0; first < size; first++) {
                Cut cut = new Cut(first, size);
                BatchPaths paths = new BatchPaths(cut.header, 7, cut.before, cut.leaves);
                assertThat(paths.leadToTheRoot()).isTrue();
                for (int place = 0; place < cut.leaves.size(); place++) {
                    ShownLeaf shown = paths.shown(place);
                    assertThat(shown.index()).isEqualTo(first + place);
                    assertThat(new InclusionPath(shown.index(), size, shown.path())
                                    .root(new LogHasher().entry(shown.leaf())))
                            .contains(cut.header.root());
                }
            }
        }
    }

    @Test
    void leavesThatAreNotTheHeadersDoNotLeadToItsRoot() {
        Cut cut = new Cut(5, 9);
        List<byte[]> others = new ArrayList<>(cut.leaves);
        others.set(2, new byte[] {1});
        assertThat(new BatchPaths(cut.header, 7, cut.before, others).leadToTheRoot())
                .isFalse();
    }

    @Test
    void asManyLeavesAndTreesAreNeededAsTheHeaderSays() {
        Cut cut = new Cut(5, 9);
        assertThatThrownBy(() -> new BatchPaths(cut.header, 7, cut.before, cut.leaves.subList(1, 4)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BatchPaths(cut.header, 7, List.of(), cut.leaves))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A batch that begins at {@code first} and ends before {@code size}. */
    private static final class Cut {
        private final List<Hash32> before;
        private final List<byte[]> leaves = new ArrayList<>();
        private final BatchHeader header;

        Cut(int first, int size) {
            CompactRange log = new CompactRange();
            append(log, first);
            before = log.trees();
            for (int i = first; i < size; i++) {
                leaves.add(("leaf " + i).getBytes(StandardCharsets.US_ASCII));
                append(log, i + 1);
            }
            header = new BatchHeader(
                    1,
                    Address.parse("0x00000000000000000000000000000000000000aa"),
                    new LaneId(3),
                    1,
                    Hash32.ZERO,
                    Hash32.ZERO,
                    1,
                    0,
                    Hash32.ZERO,
                    1,
                    size,
                    0,
                    size - first,
                    size - first,
                    size,
                    log.root(),
                    Hash32.ZERO,
                    1,
                    1);
        }

        private static void append(CompactRange log, int to) {
            for (long i = log.size(); i < to; i++) {
                log.append(
                        new LogHasher().entry(("leaf " + i).getBytes(StandardCharsets.US_ASCII)),
                        (level, index, root) -> {});
            }
        }
    }
}
