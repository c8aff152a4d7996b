package openledger.commitment.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for every point, whatever the digits of its scalars. */
final class CurvePointTest {
    private static final int CASES = 300;

    @Test
    void pointsStayOnTheCurve() {
        Random random = new Random(11);
        FieldElement seven = FieldElement.of(BigInteger.valueOf(7));
        CurvePoint any = CurvePoint.of(FieldElement.of(BigInteger.ONE), true).orElseThrow();
        for (int i = 0; i < CASES; i++) {
            CurvePoint made = any.plusGenerator(new BigInteger(255, random), new BigInteger(255, random))
                    .affine();

            assertThat(made.y().squared())
                    .isEqualTo(made.x().squared().times(made.x()).plus(seven));
            any = made;
        }
    }

    @Test
    void aPointTimesTheOrderIsNothing() {
        CurvePoint any = CurvePoint.of(FieldElement.of(BigInteger.TWO), false).orElseThrow();
        BigInteger one = BigInteger.ONE;
        CurvePoint less = any.plusGenerator(CurvePoint.ORDER.subtract(one), BigInteger.ZERO);

        assertThat(less.plus(any).isInfinity()).isTrue();
        assertThat(any.plusGenerator(BigInteger.ZERO, BigInteger.ZERO).isInfinity())
                .isTrue();
    }
}
