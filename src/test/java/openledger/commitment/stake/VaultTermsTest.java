package openledger.commitment.stake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class VaultTermsTest {
    private static final BigInteger LARGEST = BigInteger.TWO.pow(128).subtract(BigInteger.ONE);
    private static final VaultTerms TERMS = new VaultTerms(
            LARGEST,
            BigInteger.valueOf(2),
            Duration.ofSeconds(7),
            BigInteger.valueOf(3),
            BigInteger.valueOf(4),
            8,
            BigInteger.valueOf(5),
            0xffff_ffffL,
            9,
            Duration.ofSeconds(10),
            Duration.ofSeconds(11),
            Duration.ofSeconds(12),
            Duration.ofSeconds(13));

    @Test
    void theyAreEncodedInTheOrderOfTheStruct() {
        StringBuilder words = new StringBuilder("0".repeat(32) + "f".repeat(32));
        for (String word : new String[] {"2", "3", "4", "5", "ffffffff", "7", "8", "9", "a", "b", "c", "d"}) {
            words.append("0".repeat(64 - word.length())).append(word);
        }

        assertThat(HexFormat.of().formatHex(TERMS.encode())).isEqualTo(words.toString());
        assertThat(VaultTerms.decode(TERMS.encode())).isEqualTo(TERMS);
    }

    @Test
    void stakeStaysLiableForAllThatCanBeSaidAgainstIt() {
        assertThat(TERMS.delay()).isEqualTo(Duration.ofSeconds(10 + 11 + 12));
    }

    @Test
    void whatTheWordsDoNotHoldIsRefused() {
        byte[] bytes = TERMS.encode();
        byte[] wide = bytes.clone();
        wide[15] = 1;

        assertThatThrownBy(() -> VaultTerms.decode(Arrays.copyOf(bytes, bytes.length + 32)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VaultTerms.decode(wide)).hasMessageStartingWith("word 0 ");
        for (int word = 0; word < bytes.length / 32; word++) {
            byte[] full = bytes.clone();
            Arrays.fill(full, word * 32, (word + 1) * 32, (byte) 0xff);
            assertThatThrownBy(() -> VaultTerms.decode(full))
                    .as("word " + word)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> withGrace(Duration.ofMillis(1_500))).hasMessageStartingWith("grace ");
        assertThatThrownBy(() -> withGrace(Duration.ofSeconds(-1))).hasMessageStartingWith("grace ");
    }

    private static VaultTerms withGrace(Duration grace) {
        return new VaultTerms(
                BigInteger.ONE,
                BigInteger.ONE,
                Duration.ZERO,
                BigInteger.ONE,
                BigInteger.ONE,
                1,
                BigInteger.ONE,
                1,
                1,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                grace);
    }
}
