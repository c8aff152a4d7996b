package openledger.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each figure against values worked out by hand, against fair lotteries, and against an unfair router. Long because all figures meet the
 * same lotteries.
 */
@Tag("long") // many seeds
final class FairnessFiguresTest {
    private static final int COHORTS = 64;

    @Test
    void theRatioOfTwoCohortsIsThatOfTheirSmoothedShares() {
        CohortCounts counts = new CohortCounts(new int[] {1_000, 1_000}, new int[] {0, 9});

        assertThat(disparity(counts, new Random(1)).orElseThrow().value()).isCloseTo(19, within(1e-9));
    }

    @Test
    void sixtyFourFairCohortsOfAHundredGiveARatioOfThreePointFour() {
        Random random = new Random(1);
        double mean = IntStream.range(0, 200)
                .mapToDouble(i -> smallDisparity(fair(100, 0.14, random), random)
                        .orElseThrow()
                        .value())
                .average()
                .orElseThrow();

        assertThat(mean).isCloseTo(3.4, within(0.4));
    }

    @Test
    void cohortsOfFewRequestsAreNotCompared() {
        CohortCounts counts = new CohortCounts(new int[] {1_000, 999, 5}, new int[] {10, 999, 5});

        assertThat(disparity(counts, new Random(1))).isEmpty();
        assertThat(jain(counts, new Random(1))).isEmpty();
    }

    @Test
    void aRatioThatComesFromUnequalSizesAloneIsNotAboveItsFloor() {
        CohortCounts nobody = new CohortCounts(new int[] {1_000, 100_000}, new int[] {0, 0});

        AgainstChance ratio = disparity(nobody, new Random(1)).orElseThrow();

        assertThat(ratio.value()).isGreaterThan(99);
        assertThat(ratio.excess()).isZero();
    }

    @Test
    void jainsIndexIsOneForEqualsAndOneOfAllIfOneGetsEverything() {
        CohortCounts equal = new CohortCounts(new int[] {1_000, 2_000}, new int[] {500, 1_000});
        CohortCounts one = new CohortCounts(new int[] {1_000, 1_000, 1_000, 1_000}, new int[] {0, 0, 700, 0});

        assertThat(jain(equal, new Random(1)).orElseThrow().value()).isCloseTo(1, within(1e-12));
        assertThat(jain(one, new Random(1)).orElseThrow().value()).isCloseTo(0.25, within(1e-12));
        assertThat(jain(one, new Random(1)).orElseThrow().excess()).isGreaterThan(0.3);
    }

    @Test
    void jainsIndexHardlyNoticesAFallBackRatioOfNearlyTwo() {
        CohortCounts best = new CohortCounts(new int[] {10_000, 10_000}, new int[] {9_000, 8_100});

        assertThat(jain(best, new Random(1)).orElseThrow().value()).isCloseTo(0.997, within(0.001));
    }

    @Test
    void theDistanceOfACohortThatTakesOneAttemptMoreIsOne() {
        int[][] attempts = {{0, 1_000, 0, 0}, {0, 1_000, 0, 0}, {0, 0, 1_000, 0}};

        assertThat(distance(attempts, new Random(1)).orElseThrow().value()).isCloseTo(1, within(1e-12));
    }

    @Test
    void smallCohortsArePartOfTheRestButNotCompared() {
        int[][] attempts = {{0, 1_000, 0, 0}, {0, 0, 0, 500}, {0, 0, 0, 500}};

        assertThat(distance(attempts, new Random(1)).orElseThrow().value()).isCloseTo(2, within(1e-12));
        assertThat(distance(new int[][] {{0, 1_000}, {0, 0}}, new Random(1))).isEmpty();
    }

    @Test
    void aCohortThatComesAtPeakIsWorseOffAndNotTreatedWorse() {
        int[][] admitted = {{4_500, 500}, {500, 4_500}};
        int[][] counted = {{45, 250}, {5, 2_250}};
        CohortCounts counts = new CohortCounts(new int[] {5_000, 5_000}, new int[] {295, 2_255});

        assertThat(disparity(counts, new Random(1)).orElseThrow().excess()).isGreaterThan(5);
        assertThat(parity(admitted, counted, new Random(1)).orElseThrow().value())
                .isCloseTo(0, within(1e-9));
    }

    @Test
    void parityIsTheMeanDifferenceInTheSameCongestionInPoints() {
        int[][] admitted = {{1_000, 1_000}, {1_000, 1_000}};
        int[][] counted = {{100, 500}, {0, 300}};

        // +10 points in the quiet half, +20 in the busy one
        assertThat(parity(admitted, counted, new Random(1)).orElseThrow().value())
                .isCloseTo(15, within(1e-9));
    }

    static Stream<Arguments> figures() {
        return Stream.of(
                figure(
                        "disparity",
                        (counts, random) -> disparity(counts, random).map(AgainstChance::excess)),
                figure("jain", (counts, random) -> jain(served(counts), random).map(JainIndex::excess)),
                figure(
                        "attempts",
                        (counts, random) -> distance(asAttempts(counts), random).map(AgainstChance::excess)),
                figure(
                        "parity",
                        (counts, random) -> parity(split(counts.admitted()), split(counts.counted()), random)
                                .map(AgainstChance::excess)),
                figure(
                        "variance",
                        (counts, random) -> variance(counts, random)
                                .map(split -> split.cohort().excess())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("figures")
    void fairLotteriesAreAboveTheFloorInAboutOneOfAHundredWindows(String name, Excess figure) {
        Random random = new Random(7);
        int windows = 200;
        long above = IntStream.range(0, windows)
                .filter(i -> figure.of(fair(1_500, 0.1, random), random).orElseThrow() > 0)
                .count();

        assertThat((double) above / windows).isLessThanOrEqualTo(0.03);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("figures")
    void oneCohortThatFallsBackTwiceAsOftenOrMoreIsAboveTheFloor(String name, Excess figure) {
        Random random = new Random(8);
        for (int window = 0; window < 20; window++) {
            CohortCounts counts = fair(3_000, 0.1, random);
            counts.counted()[17] = 600 + 1_200 * (window % 3);

            assertThat(figure.of(counts, random).orElseThrow()).isPositive();
        }
    }

    @Test
    void varianceIsBetweenBinsIfAllOfABinFareAlike() {
        VarianceSplit split = split(new int[][] {{10, 30}, {20, 20}}, new int[][] {{10, 30}, {0, 0}})
                .orElseThrow();

        assertThat(split.between()).isCloseTo(1, within(1e-12));
        assertThat(split.within()).isCloseTo(0, within(1e-12));
        assertThat(split.cohort().value()).isCloseTo(0, within(1e-12));
    }

    @Test
    void varianceIsTheCohortsIfItAloneDecides() {
        int[][] admitted = new int[50][];
        int[][] counted = new int[50][];
        Arrays.fill(admitted, new int[] {20, 20});
        Arrays.fill(counted, new int[] {20, 0});

        VarianceSplit split = split(admitted, counted).orElseThrow();

        assertThat(split.between()).isCloseTo(0, within(1e-12));
        assertThat(split.cohort().value()).isCloseTo(1, within(1e-6));
        assertThat(split.cohort().floor()).isLessThan(0.2);
    }

    @Test
    void scarcityAtSomeTimesIsNotHeldAgainstTheCohortsThatCameThen() {
        Random random = new Random(3);
        int[][] admitted = new int[400][];
        int[][] counted = new int[400][];
        for (int bin = 0; bin < 400; bin++) {
            boolean peak = bin % 2 == 0;
            admitted[bin] = peak ? new int[] {40, 10} : new int[] {10, 40};
            counted[bin] = Arrays.stream(admitted[bin])
                    .map(n -> hits(n, peak ? 0.6 : 0.02, random))
                    .toArray();
        }

        VarianceSplit split = split(admitted, counted).orElseThrow();

        assertThat(split.between()).isGreaterThan(0.3);
        assertThat(split.cohort().value()).isLessThan(0.001);
        assertThat(split.cohort().excess()).isZero();
    }

    @Test
    void whereAllEndAlikeThereIsNoVarianceToSplit() {
        assertThat(split(new int[0][], new int[0][])).isEmpty();
        assertThat(split(new int[][] {{5, 5}}, new int[][] {{0, 0}})).isEmpty();
        assertThat(split(new int[][] {{5, 5}, {1, 0}}, new int[][] {{0, 0}, {1, 0}}))
                .isPresent();
    }

    @Test
    void anIntervalHoldsForNoneAndForAll() {
        // Wilson's interval for 0 of 10 and 10 of 10 is 0 to 0.2775 and its mirror image.
        assertThat(new Proportion(0, 10).low()).isZero();
        assertThat(new Proportion(0, 10).high()).isCloseTo(0.2775, within(1e-4));
        assertThat(new Proportion(10, 10).low()).isCloseTo(0.7225, within(1e-4));
        assertThat(new Proportion(10, 10).high()).isCloseTo(1, within(1e-12));
        assertThat(new Proportion(0, 0).value()).isEqualTo(1);
    }

    @Test
    void whoComesAtBadSecondsIsNotBeyondChance() {
        Random random = new Random(4);
        int above = 0;
        for (int window = 0; window < 100; window++) {
            FairDeals dealt = new FairDeals(1, 2);
            int[] admitted = new int[2];
            int[] denied = new int[2];
            for (int second = 0; second < 200; second++) {
                boolean busy = second % 4 == 0;
                int[] came = busy ? new int[] {30, 4} : new int[] {2, 8};
                int[] bad = Arrays.stream(came)
                        .map(n -> hits(n, busy ? 0.5 : 0.02, random))
                        .toArray();
                FairDeal stretch = new FairDeal(1, 2);
                stretch.add(came, bad);
                dealt.add(stretch);
                for (int cohort = 0; cohort < 2; cohort++) {
                    admitted[cohort] += came[cohort];
                    denied[cohort] += bad[cohort];
                }
            }
            CohortCounts counts = new CohortCounts(admitted, denied);
            above += Disparity.of(counts, dealt, random).orElseThrow().excess() > 0 ? 1 : 0;
            assertThat(disparity(counts, random).orElseThrow().excess()).isPositive();
        }
        assertThat(above).isLessThan(5);
    }

    private static Optional<AgainstChance> disparity(CohortCounts counts, Random random) {
        return Disparity.of(counts, Stretched.of(counts), random);
    }

    private static Optional<AgainstChance> smallDisparity(CohortCounts counts, Random random) {
        return Disparity.of(counts, Stretched.of(counts), 1, random);
    }

    private static Optional<JainIndex> jain(CohortCounts counts, Random random) {
        return JainIndex.of(counts, Stretched.of(counts), random);
    }

    private static Optional<AgainstChance> distance(int[][] attempts, Random random) {
        return AttemptsDistance.of(attempts, Stretched.ofAttempts(attempts), random);
    }

    private static Optional<AgainstChance> parity(int[][] admitted, int[][] counted, Random random) {
        return CongestionParity.of(admitted, counted, Stretched.ofSteps(admitted, counted), random);
    }

    interface Excess {
        Optional<Double> of(CohortCounts counts, Random random);
    }

    private static Arguments figure(String name, Excess excess) {
        return Arguments.of(name, excess);
    }

    private static Optional<VarianceSplit> variance(CohortCounts counts, Random random) {
        VarianceSplit.Sums sums = new VarianceSplit.Sums();
        sums.addBin(counts.admitted(), counts.counted());
        return VarianceSplit.of(sums, counts.admitted(), Stretched.of(counts), random);
    }

    /** Bins that are each a stretch, and a stratum. */
    private static Optional<VarianceSplit> split(int[][] admitted, int[][] counted) {
        VarianceSplit.Sums sums = new VarianceSplit.Sums();
        FairDeals dealt = new FairDeals(1, 2);
        int[] all = new int[2];
        for (int bin = 0; bin < admitted.length; bin++) {
            sums.addBin(admitted[bin], counted[bin]);
            FairDeal stretch = new FairDeal(1, 2);
            stretch.add(admitted[bin], counted[bin]);
            dealt.add(stretch);
            all[0] += admitted[bin][0];
            all[1] += admitted[bin][1];
        }
        return VarianceSplit.of(sums, all, dealt, new Random(1));
    }

    private static CohortCounts served(CohortCounts counts) {
        return new CohortCounts(
                counts.admitted(),
                IntStream.range(0, COHORTS)
                        .map(i -> counts.admitted()[i] - counts.counted()[i])
                        .toArray());
    }

    /** Who fell back took three attempts, the others one. */
    private static int[][] asAttempts(CohortCounts counts) {
        return IntStream.range(0, COHORTS)
                .mapToObj(i -> new int[] {0, counts.admitted()[i] - counts.counted()[i], 0, counts.counted()[i]})
                .toArray(int[][]::new);
    }

    /** Over five steps of utilisation, as evenly as whole numbers allow. */
    private static int[][] split(int[] counts) {
        return Arrays.stream(counts)
                .mapToObj(n -> IntStream.range(0, 5).map(step -> (n + step) / 5).toArray())
                .toArray(int[][]::new);
    }

    private static CohortCounts fair(int requests, double share, Random random) {
        int[] admitted = new int[COHORTS];
        Arrays.fill(admitted, requests);
        return new CohortCounts(
                admitted,
                Arrays.stream(admitted).map(n -> hits(n, share, random)).toArray());
    }

    private static int hits(int of, double share, Random random) {
        return (int) random.doubles(of).filter(value -> value < share).count();
    }
}
