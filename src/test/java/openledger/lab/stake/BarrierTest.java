package openledger.lab.stake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import openledger.lab.stake.Operators.Part;
import org.junit.jupiter.api.Test;

/** Whom a stake shuts out, whatever the guesses are. */
final class BarrierTest {
    private static final Economy ECONOMY = new Economy(0.0003, 0.1, 0.05, 0.0005, 0.05);
    private static final Operators OPERATORS = Operators.of(1, 1);
    private static final double HOURS = Unbacked.A_WEEK.hours();

    @Test
    void aProportionalStakeIsTheSameShareOfEverybodysMargin() {
        double expected = BarrierRule.PROPORTIONAL.ofMargin(ECONOMY, 1, false, HOURS);

        for (double size = 1e-6; size < 1e6; size *= 10) {
            assertThat(BarrierRule.PROPORTIONAL.ofMargin(ECONOMY, size, false, HOURS))
                    .isCloseTo(expected, within(expected * 1e-9));
        }
        assertThat(OPERATORS.shutOut(BarrierRule.PROPORTIONAL, ECONOMY, HOURS)).isEqualTo(new Part(0, 0));
        assertThat(OPERATORS.shutOut(BarrierRule.PROPORTIONAL, ECONOMY.dearer(1e6), HOURS))
                .isEqualTo(new Part(1, 1));
    }

    @Test
    void aFlatFloorShutsOutExactlyWhoIsSmallerThanItsEdge() {
        double edge = ECONOMY.leastSize(BarrierRule.FLAT.yearly(ECONOMY, 1, false, HOURS));
        long smaller =
                Arrays.stream(OPERATORS.sizes()).filter(size -> size < edge).count();

        assertThat(smaller).isBetween(1L, Operators.COUNT - 1L);
        assertThat(OPERATORS.shutOut(BarrierRule.FLAT, ECONOMY, HOURS).operators())
                .isEqualTo((double) smaller / Operators.COUNT);
        assertThat(BarrierRule.FLAT.shutsOut(ECONOMY, edge * 1.001, false, HOURS))
                .isFalse();
        assertThat(BarrierRule.FLAT.shutsOut(ECONOMY, edge * 0.999, false, HOURS))
                .isTrue();
    }

    @Test
    void aFlatFloorShutsOutMoreTheLongerTheUnbackedTimeAndTheDearerTheMoney() {
        double before = 0;
        for (Unbacked time : Unbacked.values()) {
            double now =
                    OPERATORS.shutOut(BarrierRule.FLAT, ECONOMY, time.hours()).operators();
            assertThat(now).isGreaterThanOrEqualTo(before);
            assertThat(OPERATORS
                            .shutOut(BarrierRule.FLAT, ECONOMY.dearer(2), time.hours())
                            .operators())
                    .isGreaterThanOrEqualTo(now);
            before = now;
        }
        assertThat(before).isPositive();
    }

    @Test
    void backersLetSomeInAndLeaveTheEdgeInPlace() {
        Part flat = OPERATORS.shutOut(BarrierRule.FLAT, ECONOMY, HOURS);
        Part backed = OPERATORS.shutOut(BarrierRule.FLAT_WITH_BACKERS, ECONOMY, HOURS);
        Part consent = OPERATORS.inByConsent(ECONOMY, HOURS);

        assertThat(consent.operators()).isPositive();
        assertThat(backed.operators() + consent.operators()).isCloseTo(flat.operators(), within(1e-12));
        assertThat(backed.operators()).isGreaterThan(flat.operators() / 2);
        // Half the cost, half the size.
        double edge = ECONOMY.leastSize(BarrierRule.FLAT.yearly(ECONOMY, 1, false, HOURS));
        assertThat(BarrierRule.FLAT_WITH_BACKERS.shutsOut(ECONOMY, edge * 0.501, true, HOURS))
                .isFalse();
        assertThat(BarrierRule.FLAT_WITH_BACKERS.shutsOut(ECONOMY, edge * 0.499, true, HOURS))
                .isTrue();
        assertThat(BarrierRule.FLAT_WITH_BACKERS.shutsOut(ECONOMY, edge * 0.999, false, HOURS))
                .isTrue();
    }

    @Test
    void theVaultsFloorIsFlatBelowAndProportionalAbove() {
        BarrierRule rule = BarrierRule.PROPORTIONAL_WITH_FLOOR;

        assertThat(rule.yearly(ECONOMY, 1e-6, false, 1)).isEqualTo(0.1 * Economy.VAULTS_FLOOR);
        assertThat(rule.yearly(ECONOMY, 1e6, false, 1))
                .isEqualTo(BarrierRule.PROPORTIONAL.yearly(ECONOMY, 1e6, false, 1));
    }

    @Test
    void sizesFollowZipfsLawAndAddUp() {
        double[] sizes = Operators.of(1.2, 5).sizes();

        assertThat(Arrays.stream(sizes).sum()).isCloseTo(Operators.PER_SECOND, within(1e-6));
        assertThat(sizes[0] / sizes[9]).isCloseTo(Math.pow(10, 1.2), within(1e-9));
        assertThat(Operators.of(1, 5).backed()).isEqualTo(Operators.of(1, 5).backed());
        assertThat(Operators.of(1, 5).backed()).isNotEqualTo(Operators.of(1, 6).backed());
    }
}
