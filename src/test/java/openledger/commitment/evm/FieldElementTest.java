package openledger.commitment.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The field against numbers of any size, above all where a carry reaches a word. */
final class FieldElementTest {
    private static final BigInteger P = FieldElement.PRIME;

    /** At the edges of words, of the field and of what is folded, and any. */
    private static List<BigInteger> values() {
        List<BigInteger> values = new ArrayList<>();
        for (int bits : new int[] {0, 32, 33, 64, 128, 192, 255, 256}) {
            for (int around = -2; around <= 2; around++) {
                values.add(BigInteger.ONE
                        .shiftLeft(bits)
                        .add(BigInteger.valueOf(around))
                        .mod(P));
            }
        }
        for (int less = 0; less < 3; less++) {
            values.add(P.subtract(BigInteger.valueOf(1 + less)));
            values.add(P.shiftRight(1).add(BigInteger.valueOf(less)));
            values.add(BigInteger.valueOf(0x1_0000_03D0L + less));
        }
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            values.add(new BigInteger(256, random).mod(P));
        }
        return values;
    }

    @Test
    void sumsDifferencesAndProductsAreThoseOfWholeNumbers() {
        for (BigInteger a : values()) {
            for (BigInteger b : values()) {
                FieldElement one = FieldElement.of(a);
                FieldElement other = FieldElement.of(b);

                assertThat(one.plus(other).value())
                        .as("%s + %s", a, b)
                        .isEqualTo(a.add(b).mod(P));
                assertThat(one.minus(other).value())
                        .as("%s - %s", a, b)
                        .isEqualTo(a.subtract(b).mod(P));
                assertThat(one.times(other).value())
                        .as("%s * %s", a, b)
                        .isEqualTo(a.multiply(b).mod(P));
            }
        }
    }

    @Test
    void aSquareHasARootAndANumberAnInverse() {
        for (BigInteger a : values()) {
            FieldElement square = FieldElement.of(a).squared();

            assertThat(square.root().squared()).isEqualTo(square);
            if (a.signum() != 0) {
                assertThat(FieldElement.of(a).inverse().times(FieldElement.of(a)))
                        .isEqualTo(FieldElement.ONE);
            }
        }
    }

    @Test
    void bytesAreBigEndian() {
        for (BigInteger a : values()) {
            FieldElement element = FieldElement.of(a);

            assertThat(new BigInteger(1, element.bytes())).isEqualTo(a);
            assertThat(HexFormat.of().formatHex(element.bytes())).hasSize(64);
            assertThat(element.isOdd()).isEqualTo(a.testBit(0));
            assertThat(element.isZero()).isEqualTo(a.signum() == 0);
        }
    }
}
