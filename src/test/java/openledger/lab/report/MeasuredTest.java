package openledger.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class MeasuredTest {
    @Test
    void theIntervalOfAMeanIsStudents() {
        Measured measured = Measured.of(1, 2, 3);

        assertThat(measured.value()).isEqualTo(2);
        assertThat(measured.margin()).isCloseTo(4.30 / Math.sqrt(3), within(1e-9));
        assertThat(measured.seeds()).isEqualTo(3);
    }

    @Test
    void aChangeIsOfTheMeansAndSharpIfThePairsMoveTogether() {
        double[] before = {1, 2, 3, 4};
        double[] after = {0.6, 1.2, 1.8, 2.4};

        Measured change = Measured.change(after, before);

        assertThat(change.value()).isCloseTo(-0.4, within(1e-9));
        assertThat(change.margin()).isCloseTo(0, within(1e-9));
    }

    @Test
    void nineteenIntervalsOfTwentyHoldTheTruth() {
        SplittableRandom random = new SplittableRandom(1);
        int held = 0;
        for (int trial = 0; trial < 4_000; trial++) {
            double[] parts = new double[20];
            double[] wholes = new double[20];
            for (int i = 0; i < parts.length; i++) {
                wholes[i] = 10 + random.nextGaussian();
                parts[i] = wholes[i] * 0.3 + random.nextGaussian();
            }
            Measured ratio = Measured.ratio(parts, wholes);
            held += ratio.low() <= 0.3 && 0.3 <= ratio.high() ? 1 : 0;
        }

        assertThat(held / 4_000.0).isCloseTo(0.95, within(0.02));
    }

    @Test
    void oneRunHasNoInterval() {
        assertThatThrownBy(() -> Measured.of(1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anotherUnitTurnsTheIntervalWithIt() {
        assertThat(new Measured(1, 0, 3, 5).times(-2)).isEqualTo(new Measured(-2, -6, -0.0, 5));
    }

    @Test
    void aFigureIsShownInItsUnit() {
        assertThat(Unit.SHARE.show(new Measured(0.14, 0.12, 0.16, 20))).isEqualTo("14.0 ± 2.0 %");
        assertThat(Unit.CHANGE.show(Measured.exactly(-0.4))).isEqualTo("-40.0 %");
        assertThat(Unit.ADDED_MILLIS.show(Measured.exactly(220))).isEqualTo("+220 ms");
        assertThat(Unit.POINTS.show(Measured.exactly(-0.001))).isEqualTo("0.00 points");
    }
}
