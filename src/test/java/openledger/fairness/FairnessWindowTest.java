package openledger.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import openledger.routing.DecisionStatus;
import org.junit.jupiter.api.Test;

final class FairnessWindowTest {
    private static final long START = 1_700_000_000_000L;

    private final FairnessWindow window = new FairnessWindow(Duration.ofSeconds(10), 6);

    @Test
    void countsHowRequestsEnded() {
        add(START, DecisionStatus.SERVED, Attribution.NONE, 0);
        add(START + 1_500, DecisionStatus.FELL_BACK, Attribution.SELECTIVE, 4);
        add(START + 2_000, DecisionStatus.EXHAUSTED, Attribution.SLOW, 0);
        add(START + 2_000, DecisionStatus.FELL_BACK, Attribution.MISSED, 0);
        add(START + 2_100, DecisionStatus.CANCELLED, Attribution.NONE, 0);

        FairnessFigures figures = figures(START + 2_200);

        assertThat(figures.requests()).isEqualTo(5);
        assertThat(figures.cohorts()).isOne();
        assertThat(figures.compared()).isZero();
        assertThat(figures.fellBack()).isEqualTo(2);
        assertThat(figures.exhausted()).isOne();
        assertThat(figures.cancelled()).isOne();
        assertThat(figures.slow()).isOne();
        assertThat(figures.selective()).isOne();
        assertThat(figures.missed()).isOne();
        assertThat(figures.overtakes()).isEqualTo(4);
        assertThat(figures.meanAttempts()).isEqualTo(2);
        assertThat(figures.disparity()).isEmpty();
        assertThat(figures.variance()).isPresent();
    }

    @Test
    void forgetsAPartWhenTheWindowHasMovedPastIt() {
        add(START, DecisionStatus.FELL_BACK, Attribution.SLOW, 0);
        add(START + 30_000, DecisionStatus.SERVED, Attribution.NONE, 0);

        assertThat(figures(START + 59_999).requests()).isEqualTo(2);
        assertThat(figures(START + 60_000).requests()).isOne();
        assertThat(figures(START + 60_000).fellBack()).isZero();
        assertThat(figures(START + 90_000).requests()).isZero();
    }

    @Test
    void forgetsEverythingAfterALongSilence() {
        add(START, DecisionStatus.FELL_BACK, Attribution.SLOW, 0);
        add(START + 86_400_000, DecisionStatus.SERVED, Attribution.NONE, 0);

        assertThat(figures(START + 86_400_000).requests()).isOne();
    }

    @Test
    void aRequestOfAClockThatWentBackCountsNow() {
        add(START + 30_000, DecisionStatus.SERVED, Attribution.NONE, 0);
        add(START, DecisionStatus.SERVED, Attribution.NONE, 0);

        assertThat(figures(START + 30_000).requests()).isEqualTo(2);
    }

    @Test
    void saysTheSameAsItsFiguresDoOfAllItsRequests() {
        Random random = new Random(5);
        int[] admitted = new int[FairnessWindow.COHORTS];
        int[] denied = new int[FairnessWindow.COHORTS];
        int requests = 200_000;
        for (int i = 0; i < requests; i++) {
            int cohort = random.nextInt(FairnessWindow.COHORTS);
            boolean bad = random.nextInt(10) == 0;
            admitted[cohort]++;
            denied[cohort] += bad ? 1 : 0;
            window.add(
                    START + i * 50_000L / requests,
                    START + i * 50_000L / requests,
                    cohort,
                    bad ? 4 : 1,
                    bad ? DecisionStatus.FELL_BACK : DecisionStatus.SERVED,
                    bad ? Attribution.SLOW : Attribution.NONE,
                    0,
                    random.nextInt(120));
        }

        FairnessFigures figures = window.figures(START + 50_000, new Random(9));

        assertThat(figures.compared()).isEqualTo(FairnessWindow.COHORTS);
        CohortCounts counts = new CohortCounts(admitted, denied);
        AgainstChance whole =
                Disparity.of(counts, Stretched.of(counts), new Random(9)).orElseThrow();
        assertThat(figures.disparity().orElseThrow().value()).isEqualTo(whole.value());
        assertThat(figures.disparity().orElseThrow().floor()).isCloseTo(whole.floor(), within(0.2));
        assertThat(figures.variance().orElseThrow().cohort().value()).isLessThan(0.001);
        assertThat(figures.congestionParity().orElseThrow().value()).isBetween(0.5, 6.0);
        assertThat(figures.attemptsDistance().orElseThrow().value()).isLessThan(0.1);
        assertThat(figures.meanAttempts()).isCloseTo(1.3, within(0.01));
    }

    @Test
    void theSameChanceGivesTheSameFigures() {
        for (int i = 0; i < 5_000; i++) {
            window.add(START + i, START + i, i % 4, 1 + i % 3, DecisionStatus.SERVED, Attribution.NONE, 0, i % 100);
        }

        assertThat(window.figures(START + 5_000, new Random(1)))
                .isEqualTo(window.figures(START + 5_000, new Random(1)));
    }

    @Test
    void aBinIsAWholeSecond() {
        assertThatThrownBy(() -> new FairnessWindow(Duration.ofMillis(1_500), 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("whole seconds");
    }

    private void add(long at, DecisionStatus status, Attribution attribution, int overtakes) {
        window.add(at, at - 200, 5, 2, status, attribution, overtakes, 100);
    }

    private FairnessFigures figures(long at) {
        return window.figures(at, new Random(1));
    }
}
