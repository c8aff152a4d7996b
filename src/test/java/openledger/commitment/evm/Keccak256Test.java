package openledger.commitment.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Keccak256Test {
    /** Known answers: the empty code hash and event topics of the EVM; the long ones cross the 136-byte block. */
    @ParameterizedTest
    @CsvSource({
        "'', c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        "abc, 4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
        "'Transfer(address,address,uint256)', ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
    })
    void agreesWithKnownAnswers(String text, String digest) {
        assertThat(HexFormat.of().formatHex(Keccak256.digest(text.getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(digest);
    }

    @Test
    void agreesWithTheSpecificationAtEveryLengthAndInEveryCut() {
        Random random = new Random(1);
        Keccak256 reused = new Keccak256();
        for (int length = 0; length < 700; length++) {
            byte[] message = new byte[length];
            random.nextBytes(message);
            byte[] out = new byte[64];

            int cut = random.nextInt(length + 1);
            for (int i = 0; i < Math.min(cut, 3); i++) {
                reused.add(message[i]);
            }
            reused.add(message, Math.min(cut, 3), cut - Math.min(cut, 3));
            reused.add(message, cut, length - cut).finish(out, 5);

            byte[] expected = PlainKeccak.digest(message);
            assertThat(Arrays.copyOfRange(out, 5, 37)).as("length " + length).isEqualTo(expected);
            assertThat(Keccak256.digest(message)).isEqualTo(expected);
        }
    }
}
