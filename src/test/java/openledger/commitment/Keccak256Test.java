package openledger.commitment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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
}
