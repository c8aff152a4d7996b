package openledger.provider.translation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Translations read JSON by the letter, in bytes and in characters. */
final class StrictJsonTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void takesOnlyAsciiDigitsBehindAnEscape(long seed) throws StrictJson.Malformed {
        Random random = new Random(seed);
        for (int run = 0; run < 3_000; run++) {
            // Any letter: what Jackson takes for a digit depends on the low byte.
            String digits = "00" + (char) (0x80 + random.nextInt(0xd000)) + "1";
            String text = "[\"\\u" + digits + "\"]";

            assertThatThrownBy(() -> StrictJson.read(text)).as(text).isInstanceOf(StrictJson.Malformed.class);
            assertThatThrownBy(() -> StrictJson.read(text.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(StrictJson.Malformed.class);
        }
        assertThat(StrictJson.read("[\"\\u00e9\"]")).isEqualTo(StrictJson.read("[\"\\u00E9\"]"));
    }

    @Test
    void anEscapedBackslashBeforeAnUIsNoEscape() throws StrictJson.Malformed {
        JsonNode read = StrictJson.read("[\"\\\\u\u0661\"]");

        assertThat(read.get(0).textValue()).isEqualTo("\\u\u0661");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void guessesNoOtherEncoding(String charset) {
        byte[] bytes = "[1,\"a\"]".getBytes(Charset.forName(charset));

        assertThatThrownBy(() -> StrictJson.read(bytes)).isInstanceOf(StrictJson.Malformed.class);
    }
}
