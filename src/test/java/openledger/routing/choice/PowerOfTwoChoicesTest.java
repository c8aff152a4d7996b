package openledger.routing.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import openledger.routing.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is called in fast mode, in simulated time with calls that hold slots. */
@Tag("long") // many seeds
final class PowerOfTwoChoicesTest {
    private static final int PLENTY = 1_000;
    private static final double[] RATES = {0.5, 2, 8, 40};

    static Stream<Arguments> weights() {
        return Stream.of(
                        new int[] {1, 1},
                        new int[] {3, 2},
                        new int[] {2, 1},
                        new int[] {4, 1},
                        new int[] {9, 1},
                        new int[] {1, 19},
                        new int[] {900, 100},
                        new int[] {1, 1, 1},
                        new int[] {9, 3, 1},
                        new int[] {19, 1, 1},
                        new int[] {5, 1, 3, 1},
                        new int[] {5, 4, 3, 2, 1},
                        new int[] {19, 19, 1, 1, 1})
                .flatMap(weights -> Stream.of(0.5, 4.0).map(seconds -> Arguments.of(weights, seconds)));
    }

    /** As many requests as make the sampling error of the least share 1.3 % of it. */
    private static int enough(int[] weights) {
        int least = Arrays.stream(weights).min().orElseThrow();
        return 6_000 * Arrays.stream(weights).sum() / least;
    }

    @ParameterizedTest
    @MethodSource("weights")
    void equalTargetsAreCalledByTheirWeightsAtEveryRate(int[] weights, double seconds) {
        for (double rate : RATES) {
            ChoosingWorld world = new ChoosingWorld(weights, PLENTY, 11);
            for (int i = 0; i < weights.length; i++) {
                world.serve(i, seconds, 0.8);
            }
            int requests = enough(weights);

            int[] calls = world.run(requests, rate);

            double sum = Arrays.stream(weights).sum();
            for (int i = 0; i < weights.length; i++) {
                double ofShare = calls[i] * sum / weights[i] / requests;
                assertThat(ofShare)
                        .as("target %d at %s/s: %s", i, rate, Arrays.toString(calls))
                        .isCloseTo(1, within(0.05));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 2, 10, 40})
    void aTargetThatIsThreeTimesAsSlowGetsLessThanItsShareOnceItIsKnown(double rate) {
        ChoosingWorld world = new ChoosingWorld(new int[] {1, 1}, PLENTY, 3);
        world.serve(0, 3, 0.5);
        world.serve(1, 1, 0.5);

        int[] calls = world.run(20_000, rate);

        assertThat(calls[0]).isLessThan(rate < 1 ? 10_000 : 7_000).isPositive();
    }

    @Test
    void aHeavyTargetThatStallsIsLeftForALightOne() {
        ChoosingWorld world = new ChoosingWorld(new int[] {9, 1}, PLENTY, 5);
        world.serve(0, 1e9, 0.1);
        world.serve(1, 0.5, 0.5);

        world.run(1_000, 20);

        assertThat(world.inFlight(0)).isBetween(50, 350);
        int[] later = world.run(1_000, 20);
        assertThat(later[1]).isGreaterThan(later[0] * 5);
    }

    @Test
    void whereTheHeavyOneIsFullTheOthersGetTheRest() {
        ChoosingWorld world = new ChoosingWorld(new int[] {9, 1}, 20, 7);

        int[] calls = world.run(20_000, 30);

        // 27 calls in flight for it, and 20 slots
        assertThat((double) calls[0] / 20_000).isBetween(0.5, 20 / 30.0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 2, 20})
    void aTargetThatWasSlowIsAskedNowAndThenAndGetsItsShareAgain(double rate) {
        ChoosingWorld world = new ChoosingWorld(new int[] {1, 1}, PLENTY, 13);
        world.serve(0, 0.5, 0.5);
        world.serve(1, 0.5, 0.5);
        world.run(200, rate);
        world.serve(0, 60, 0.1);
        double from = world.seconds();
        int[] slow = world.run((int) Math.max(100, 300 * rate), rate);
        double slowSeconds = world.seconds() - from;

        assertThat(slow[0]).as("asked now and then").isGreaterThan(1);
        // What stalled before it was known, and then hardly more than one at a time.
        assertThat(slow[0])
                .as("of %d in %.0f s", slow[0] + slow[1], slowSeconds)
                .isLessThan((int) (0.4 * (slow[0] + slow[1])));

        world.serve(0, 0.5, 0.5);
        world.run((int) Math.max(60, 300 * rate), rate);
        int[] after = world.run(4_000, rate);

        assertThat(after[0] / 4_000.0).isCloseTo(0.5, within(0.05));
    }

    @Test
    void aTargetWithHardlyAnyRoomGivesWayToOneWithMore() {
        List<Target> targets = new ChoosingWorld(new int[] {1, 1}, PLENTY, 1).targets;
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100; i++) {
            assertThat(PowerOfTwoChoices.choose(targets, List.of(new Still(9, 10), new Still(12, 48)), 0, random))
                    .isOne();
        }
    }

    @Test
    void triedOnesAreTakenOnlyIfNoOtherIsFree() {
        List<Target> targets = new ChoosingWorld(new int[] {1_000, 1}, PLENTY, 1).targets;
        SplittableRandom random = new SplittableRandom(1);
        List<TargetLoad> free = List.of(new Still(0, 10), new Still(0, 10));
        List<TargetLoad> full = List.of(new Still(0, 10), new Still(10, 10));

        assertThat(PowerOfTwoChoices.choose(targets, free, 0b01, random)).isOne();
        assertThat(PowerOfTwoChoices.choose(targets, full, 0b01, random)).isZero();
        assertThat(PowerOfTwoChoices.hasUntried(free, 0b01)).isTrue();
        assertThat(PowerOfTwoChoices.hasUntried(free, 0b11)).isFalse();
        assertThat(PowerOfTwoChoices.hasUntried(full, 0b01)).isFalse();
        assertThat(PowerOfTwoChoices.choose(targets, List.of(new Still(10, 10), new Still(10, 10)), 0, random))
                .isEqualTo(-1);
    }

    private record Still(int inFlight, int limit) implements TargetLoad {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public long latencyNanos() {
            return 0;
        }
    }
}
