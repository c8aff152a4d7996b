package openledger.fairness.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import openledger.fairness.twin.TwinVerdict.Conclusion;
import openledger.fairness.twin.TwinVerdict.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TwinVerdictTest {
    private static final EnumSet<TwinOutcome> ALL = EnumSet.allOf(TwinOutcome.class);
    private static final TwinPlan PLAN = new TwinPlan(0.05, 0.1, ALL.size());

    @Test
    void theNormalLawIsThatOfTheTables() {
        assertThat(NormalLaw.above(0)).isCloseTo(0.5, within(1e-7));
        assertThat(NormalLaw.above(1.959963985)).isCloseTo(0.025, within(1e-7));
        assertThat(NormalLaw.above(-1)).isCloseTo(0.841344746, within(1e-7));
        assertThat(NormalLaw.exceeded(0.2)).isCloseTo(0.841621, within(1e-5));
    }

    /** Two-sided, from the binomial law. */
    @ParameterizedTest
    @CsvSource({"0, 0, 1", "5, 5, 1", "1, 9, 0.021484375", "0, 6, 0.03125", "9, 1, 0.021484375", "12, 2, 0.012939453125"
    })
    void mcNemarsTestIsExact(int first, int second, double probability) {
        assertThat(new PairedShares(3, first, second, 10).probability()).isCloseTo(probability, within(1e-12));
    }

    @Test
    void mcNemarsTestDoesNotUnderflow() {
        assertThat(new PairedShares(0, 2_000, 2_000, 0).probability()).isCloseTo(1, within(1e-9));
        assertThat(new PairedShares(0, 0, 5_000, 0).probability()).isZero();
    }

    @Test
    void theIntervalHoldsTheDifferenceAndIsNotEmptyForNone() {
        PairedShares some = new PairedShares(2, 3, 13, 82);
        assertThat(some.difference()).isEqualTo(0.1);
        assertThat(some.low()).isBetween(0.0, 0.1);
        assertThat(some.high()).isBetween(0.1, 0.2);
        PairedShares none = new PairedShares(0, 0, 0, 40);
        assertThat(none.low()).isNegative();
        assertThat(none.high()).isPositive();
    }

    /** Against the textbook example of Wilcoxon's test with ties; by the normal law. */
    @Test
    void signedRanksCountTiesAndLeaveOutNought() {
        double[] differences = {15, -7, 5, 20, 0, -9, 17, -12, 5, -10};
        assertThat(SignedRanks.of(differences).differences()).isEqualTo(9);
        assertThat(SignedRanks.of(differences).probability()).isEqualTo(1);
        double[] more = {15, -7, 5, 20, 0, -9, 17, -12, 5, -10, 22};
        // W+ = 7 + 1.5 + 9 + 8 + 1.5 + 10 = 37 of 55, by hand.
        assertThat(SignedRanks.of(more).probability()).isCloseTo(0.3589, within(0.002));
        assertThat(SignedRanks.of(more).middle()).isEqualTo(5);
    }

    /** Connor 1987, without continuity correction, by hand at the level 0.05 / 5. */
    @Test
    void aPlanSaysHowManyPairsFindWhat() {
        assertThat(PLAN.pairs(0.8)).isEqualTo(214);
        assertThat(PLAN.pairs(0.95)).isBetween(320, 325);
        assertThat(PLAN.floor()).isEqualTo(214);
        assertThat(PLAN.found(214, 0.8)).isCloseTo(0.1, within(0.002));
        assertThat(new TwinPlan(0.05, 0.9, 1).pairs(0.8)).isEqualTo(TwinPlan.FEWEST);
        assertThatThrownBy(() -> new TwinPlan(0.5, 0.5, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TwinPlan(0.5, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static TwinAnswer answer(double millis, String model) {
        return new TwinAnswer(false, millis, model, 10, 0);
    }

    /** Pairs of which every twentieth is refused in turn. */
    private static List<Pair> pairs(int count, double slower, String other) {
        SplittableRandom random = new SplittableRandom(1);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TwinAnswer first = i % 20 == 0 ? TwinAnswer.refused() : answer(900 + 200 * random.nextDouble(), "m");
            TwinAnswer second = i % 20 == 10
                    ? TwinAnswer.refused()
                    : answer(slower * (900 + 200 * random.nextDouble()), i % 8 == 3 ? other : "m");
            pairs.add(new Pair(first, second));
        }
        return pairs;
    }

    @Test
    void saysNothingFoundOnlyWithEnoughPairs() {
        assertThat(TwinVerdict.of(pairs(300, 1, "m"), ALL, PLAN).conclusion()).isEqualTo(Conclusion.NOTHING_FOUND);
        assertThat(TwinVerdict.of(pairs(213, 1, "m"), ALL, PLAN).conclusion()).isEqualTo(Conclusion.NOT_ENOUGH);
        assertThat(TwinVerdict.of(List.of(), ALL, PLAN).conclusion()).isEqualTo(Conclusion.NOT_ENOUGH);
    }

    @Test
    void saysNotEnoughIfTheIntervalGoesBeyondWhatWasToBeFound() {
        List<Pair> noisy = new ArrayList<>();
        for (int i = 0; i < 220; i++) {
            // Nearly every pair is refused on one side, in turn: no difference, and a wide interval.
            noisy.add(
                    i % 2 == 0
                            ? new Pair(TwinAnswer.refused(), answer(1_000, "m"))
                            : new Pair(answer(1_000, "m"), TwinAnswer.refused()));
        }
        assertThat(TwinVerdict.of(noisy, ALL, PLAN).conclusion()).isEqualTo(Conclusion.NOT_ENOUGH);
    }

    @Test
    void findsSlowerAnswersAndAnotherModel() {
        TwinVerdict slower = TwinVerdict.of(pairs(300, 1.05, "m"), ALL, PLAN);
        assertThat(slower.conclusion()).isEqualTo(Conclusion.UNEQUAL);
        TwinVerdict.Test time = slower.tests().stream()
                .filter(test -> test.of() == TwinOutcome.TIME)
                .findFirst()
                .orElseThrow();
        assertThat(time.effect()).isCloseTo(1.05, within(0.02));
        assertThat(time.pairs()).isEqualTo(270);
        assertThat(TwinVerdict.of(pairs(300, 1, "other"), ALL, PLAN).conclusion())
                .isEqualTo(Conclusion.UNEQUAL);
    }

    @Test
    void testsOnlyWhatItIsTold() {
        TwinVerdict found = TwinVerdict.of(pairs(300, 2, "m"), EnumSet.of(TwinOutcome.REFUSALS), PLAN);

        assertThat(found.tests()).hasSize(1);
        assertThat(found.conclusion()).isEqualTo(Conclusion.NOTHING_FOUND);
    }

    /** Twins of nothing but chance, with much that is tested together. */
    @Test
    void chanceAloneIsSeldomCalledUnequal() {
        int alarms = 0;
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Pair> pairs = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                pairs.add(new Pair(drawn(random), drawn(random)));
            }
            alarms += TwinVerdict.of(pairs, ALL, PLAN).conclusion() == Conclusion.UNEQUAL ? 1 : 0;
        }
        assertThat(alarms).isBetween(1, 25);
    }

    private static TwinAnswer drawn(SplittableRandom random) {
        return random.nextInt(5) == 0
                ? TwinAnswer.refused()
                : new TwinAnswer(
                        false,
                        1 + random.nextDouble(),
                        random.nextBoolean() ? "a" : "b",
                        random.nextInt(50),
                        random.nextInt(3));
    }
}
