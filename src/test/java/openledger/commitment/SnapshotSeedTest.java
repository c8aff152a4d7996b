package openledger.commitment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import openledger.commitment.evm.PlainKeccak;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known answers: made with {@link PlainKeccak}, which shares no code with the product's. A change of them is a change of a format. */
final class SnapshotSeedTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            1, 1, 0x00, 0x7f, 0xd8220a4acdf2f63eb9dca72587ba991b481c54c346e3a31c4c05893064ea2ae3, 0x816536daa8dca8668b46c3dfefe1cedbe37899821a411065d03887d59afc5fa6
            7, 4294967295, 0x11, 0x7e, 0x9a40e1da89b719a6ddd301d4bc7aa30db166a9bb64f7fd2965ae61c67453f963, 0x7d17d2b43e3507f827905fb1fc52bfa142514ed93c6e1960aa490b49e6308f64
            9223372036854775807, 42, 0x22, 0x7d, 0x76aba98502b656721ca21622d93ad9e8b79b1b0b4e836e739e679c8c11e0b022, 0x67344243e6fbce55943e78e0d47d01ada9f963b63065a633397445fe014cea2d
            """)
    void drawsTheKnownLots(long lane, long number, String block, String commitment, String seed, String lot) {
        Hash32 drawn = SnapshotSeed.of(new LaneId(lane), number, filled(block));

        assertThat(drawn).isEqualTo(Hash32.parse(seed));
        assertThat(SnapshotSeed.LOTS.of(
                        drawn, RequestKey.read(filled(commitment).bytes(), 0)))
                .isEqualTo(Hash32.parse(lot));
    }

    private static Hash32 filled(String with) {
        byte[] bytes = new byte[Hash32.BYTES];
        Arrays.fill(bytes, Integer.decode(with).byteValue());
        return Hash32.of(bytes);
    }
}
