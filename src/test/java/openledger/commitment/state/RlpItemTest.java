package openledger.commitment.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One encoding for each item, and no other. */
final class RlpItemTest {
    /** Examples of the yellow paper's appendix B and of the wiki's page on RLP. */
    @Test
    void readsTheKnownExamples() {
        assertThat(item("83646f67").string(3)).isEqualTo("dog".getBytes(StandardCharsets.US_ASCII));
        assertThat(item("c88363617483646f67").items(2)).hasSize(2);
        assertThat(item("80").isEmptyString()).isTrue();
        assertThat(item("c0").items(0)).isEmpty();
        assertThat(item("0f").number()).isEqualTo(15);
        assertThat(item("820400").number()).isEqualTo(1024);
        assertThat(item("c7c0c1c0c3c0c1c0").items(3).get(2).items(2)).hasSize(2);
        assertThat(item("80").number()).isZero();
        assertThat(item("887fffffffffffffff").number()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "8100", // a byte with a prefix
                "817f",
                "83646f", // cut off
                "8000", // something behind it
                "b800", // a length that needs no byte of its own
                "b837",
                "b90038", // a length that begins with zero
                "b8", // a length that is missing
                "bb01000000", // longer than anything
                "bfffffffffffffffff",
                "c1", // a list that is cut off
                "f800",
                "f90038",
                "ffffffffffffffffff",
            })
    void refusesEveryOtherForm(String hex) {
        assertThatThrownBy(() -> item(hex)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c18100", "c183", "c3b80100", "c382"})
    void refusesItToInsideOfAList(String hex) {
        assertThatThrownBy(() -> item(hex).items(9)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "820001", "888000000000000000", "89010000000000000000", "c0"})
    void refusesWhatIsNoNumber(String hex) {
        assertThatThrownBy(() -> item(hex).number()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesWhatItReads() {
        for (int length : new int[] {0, 1, 2, 54, 55, 56, 255, 256, 70_000}) {
            List<byte[]> strings = new ArrayList<>();
            strings.add(new byte[length]);
            strings.add(new byte[] {0x7f});
            strings.add(new byte[] {(byte) 0x80});

            List<RlpItem> read = RlpItem.parse(RlpItem.list(strings)).items(3);

            for (int i = 0; i < strings.size(); i++) {
                assertThat(read.get(i).string(70_000)).isEqualTo(strings.get(i));
            }
        }
    }

    private static RlpItem item(String hex) {
        return RlpItem.parse(HexFormat.of().parseHex(hex));
    }
}
