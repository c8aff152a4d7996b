package openledger.commitment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import openledger.commitment.tree.PlainKeccak;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known answers: made with {@link PlainKeccak}, which shares no code with the product's. A change of them is a change of a format. */
final class SnapshotSeedTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            1, 1, 0x00, 0xff, 0xd8220a4acdf2f63eb9dca72587ba991b481c54c346e3a31c4c05893064ea2ae3, 0x1ca1ef4c952b2da080a93a0cb3ba17978ab66d57ee70f5c66f3fde85fb1c0dff
            7, 4294967295, 0x11, 0xfe, 0x9a40e1da89b719a6ddd301d4bc7aa30db166a9bb64f7fd2965ae61c67453f963, 0x2bb5e0dcb57a6ea177cd6ffa8d9ec04b5532f277cbc711b3523e76955f8427ca
            9223372036854775807, 42, 0x22, 0xfd, 0x76aba98502b656721ca21622d93ad9e8b79b1b0b4e836e739e679c8c11e0b022, 0x925defc18696b459d1529f7a3513eb53501b8054f0ad5b65ce852c1054452a06
            """)
    void drawsTheKnownLots(long lane, long number, String block, String commitment, String seed, String lot) {
        Hash32 drawn = SnapshotSeed.of(new LaneId(lane), number, filled(block));

        assertThat(drawn).isEqualTo(Hash32.parse(seed));
        assertThat(SnapshotSeed.LOTS.of(drawn, filled(commitment))).isEqualTo(Hash32.parse(lot));
    }

    private static Hash32 filled(String with) {
        byte[] bytes = new byte[Hash32.BYTES];
        Arrays.fill(bytes, Integer.decode(with).byteValue());
        return Hash32.of(bytes);
    }
}
