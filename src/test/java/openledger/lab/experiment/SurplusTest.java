package openledger.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.ToDoubleFunction;
import openledger.lab.engine.Figures;
import openledger.lab.world.Workload;
import org.junit.jupiter.api.Test;

/**
 * Who gets scarce slots, in a short version of {@code make lab-surplus}: virtual time and fixed seeds, so each figure is the same
 * every time. The rules that the product does not have show that the bounds can be missed.
 */
final class SurplusTest {
    private static final SurplusExperiment EXPERIMENT = new SurplusExperiment(4, 60_000);
    /** One epoch and one mean slot release: 139 slots are each let go after 1,200 ms on average. */
    private static final double FLOOD_BOUND_MILLIS = 100 + 1_200 / 139.0;

    @Test
    void aFloodCostsTheOthersAtMostAnEpochAndASlotRelease() {
        List<Figures> before = EXPERIMENT.confirmed(Workload.SMALL, SurplusRules.PRODUCT);
        List<Figures> flooded = EXPERIMENT.confirmed(Workload.FLOODED, SurplusRules.PRODUCT);

        assertThat(rise(before, flooded, Figures::othersHeldMedian)).isLessThan(FLOOD_BOUND_MILLIS);
        assertThat(rise(before, flooded, Figures::othersHeldP95)).isLessThan(FLOOD_BOUND_MILLIS);
        assertThat(rise(before, flooded, Figures::othersFallBack)).isLessThan(0.01);
        assertThat(rise(
                        EXPERIMENT.confirmed(Workload.SMALL, SurplusRules.NONE),
                        EXPERIMENT.confirmed(Workload.FLOODED, SurplusRules.NONE),
                        Figures::othersFallBack))
                .isGreaterThan(0.02);
    }

    @Test
    void sixtyFourUnequalTenantsGetNearlyTheirMaxMinFairShares() {
        List<Figures> product = EXPERIMENT.confirmed(Workload.MANY, SurplusRules.PRODUCT);

        assertThat(mean(product, Figures::distance)).isLessThan(0.05);
        assertThat(mean(product, Figures::worst)).isGreaterThan(0.7);
        assertThat(mean(EXPERIMENT.confirmed(Workload.MANY, SurplusRules.NONE), Figures::distance))
                .isGreaterThan(0.3);
        assertThat(mean(EXPERIMENT.confirmed(Workload.MANY, SurplusRules.AHEAD), Figures::worst))
                .isLessThan(0.3);
    }

    @Test
    void fallBacksAreHardlyEverSelectiveWhereMostAreInFastMode() {
        List<Figures> confirmed = EXPERIMENT.confirmed(Workload.SMALL, SurplusRules.PRODUCT);
        List<Figures> fast = EXPERIMENT.fast(Workload.SMALL);

        assertThat(ofFallBacks(confirmed, Figures::selectiveTurns)).isLessThan(0.1);
        assertThat(ofFallBacks(fast, Figures::selectiveTurns)).isGreaterThan(0.5);
        assertThat(mean(EXPERIMENT.confirmed(Workload.SMALL, SurplusRules.DEFICIT), Figures::selective))
                .isGreaterThan(0.5);
    }

    @Test
    void twinsAgreeMoreOftenThanInFastMode() {
        assertThat(mean(EXPERIMENT.confirmed(Workload.SMALL, SurplusRules.PRODUCT), Figures::twins))
                .isLessThan(mean(EXPERIMENT.fast(Workload.SMALL), Figures::twins) / 2);
        assertThat(mean(EXPERIMENT.confirmed(Workload.MANY, SurplusRules.PRODUCT), Figures::twins))
                .isLessThan(mean(EXPERIMENT.fast(Workload.MANY), Figures::twins) / 2);
    }

    @Test
    void leavesNoSlotUnusedWhileARequestWaits() {
        assertThat(mean(EXPERIMENT.confirmed(Workload.FLOODED, SurplusRules.PRODUCT), Figures::unused))
                .isZero();
        assertThat(mean(EXPERIMENT.confirmed(Workload.FLOODED, SurplusRules.NEXT_TURN), Figures::unused))
                .isGreaterThan(0);
    }

    @Test
    void theSameSeedsGiveTheSameFigures() {
        assertThat(EXPERIMENT.confirmed(Workload.SMALL, SurplusRules.PRODUCT))
                .isEqualTo(EXPERIMENT.confirmed(Workload.SMALL, SurplusRules.PRODUCT));
    }

    private static double rise(List<Figures> before, List<Figures> after, ToDoubleFunction<Figures> of) {
        return mean(after, of) - mean(before, of);
    }

    /** Over all runs together: in a run without congestion, a single fall-back would be all of them. */
    private static double ofFallBacks(List<Figures> figures, ToDoubleFunction<Figures> of) {
        return mean(figures, run -> of.applyAsDouble(run) * run.fallBack()) / mean(figures, Figures::fallBack);
    }

    private static double mean(List<Figures> figures, ToDoubleFunction<Figures> of) {
        return figures.stream().mapToDouble(of).average().orElseThrow();
    }
}
