package openledger.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class StrataTest {
    private static final long NOW = 1_800_000_000_000L;

    private final Strata strata = new Strata();

    @Test
    void aCohortsSurplusIsWhatItGotBeyondTheShareOfItsNeighbours() {
        for (int i = 0; i < 6; i++) {
            strata.add(NOW + i * 10L, 3, i % 2, i % 2 == 0 ? 3 : 1, i % 2 == 0, i % 2 != 0);
        }

        Tally tally = summedUp();

        // Three of six are denied, and cohort 0 has three of the six.
        assertThat(tally.dealtDenied.surplus()[0]).isEqualTo(1.5f);
        assertThat(tally.dealtDenied.surplus()[1]).isEqualTo(-1.5f);
        assertThat(tally.dealtDenied.variance()[0]).isCloseTo(3 * 3 / 5f / 4, within(1e-6f));
        assertThat(tally.dealtBest.surplus()[0]).isEqualTo(-1.5f);
        assertThat(tally.dealtByStep.surplus()[3 * Tally.COHORTS]).isEqualTo(1.5f);
        assertThat(tally.dealtAttempts.surplus()[Tally.COHORTS]).isEqualTo(-1.5f);
        assertThat(tally.dealtAttempts.surplus()[3 * Tally.COHORTS]).isZero();
    }

    @Test
    void whoMetAnotherUtilisationOrCameLaterIsNoNeighbour() {
        strata.add(NOW, 3, 0, 3, true, false);
        strata.add(NOW, 4, 1, 1, false, true);
        strata.add(NOW + 500, 3, 1, 1, false, true);

        assertThat(summedUp().dealtDenied.surplus()).containsOnly(0);
    }

    @Test
    void whoComesAtABadTimeWithOthersWhoFareAlikeHasNoSurplus() {
        for (int i = 0; i < 60; i++) {
            strata.add(NOW + i, 19, i % 10 == 0 ? 1 : 0, 3, true, false);
            strata.add(NOW + 5_000 + i, 19, i % 10 == 0 ? 0 : 1, 1, false, true);
        }

        assertThat(summedUp().dealtDenied.surplus()).containsOnly(0);
    }

    @Test
    void inTheSameMillisecondTheOrderOfNeighboursSaysNothingAboutThem() {
        // Cohorts one after the other, the one that is denied last: strata in that order would be of one cohort each.
        for (int cohort = 0; cohort < 4; cohort++) {
            for (int i = 0; i < 60; i++) {
                strata.add(NOW, 3, cohort, 1, cohort == 3, cohort != 3);
            }
        }

        assertThat(summedUp().dealtDenied.surplus()[3]).isBetween(30f, 45f);
    }

    @Test
    void keepsFewAndForgetsThemWhenTheyAreSummedUp() {
        for (int i = 0; i < 2_047; i++) {
            strata.add(NOW + i, 3, i % 5, 1, false, true);
        }
        assertThat(strata.isFull()).isFalse();
        strata.add(NOW, 3, 0, 1, false, true);
        assertThat(strata.isFull()).isTrue();

        summedUp();

        assertThat(strata.isEmpty()).isTrue();
    }

    private Tally summedUp() {
        Tally tally = new Tally();
        strata.sumUp(tally);
        return tally;
    }
}
