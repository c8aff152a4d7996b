package openledger.commitment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import openledger.commitment.BatchCut.Beat;
import openledger.commitment.BatchCut.Reason;
import openledger.commitment.BatchCut.Waiting;
import org.junit.jupiter.api.Test;

final class BatchCutTest {
    private static final Duration BLOCK = Duration.ofMillis(250);
    private static final Duration FULL = Duration.ofMillis(200);
    private final BatchCut cut = new BatchCut(1_200, Duration.ofMillis(50), BLOCK, FULL, Duration.ofSeconds(30));

    @Test
    void nothingWaitsNothingIsCut() {
        assertThat(cut.decide(
                        new Waiting(0, Duration.ofDays(1), Optional.empty(), Duration.ofDays(1), Optional.empty())))
                .isEmpty();
    }

    @Test
    void aFullBatchIsCutAtOnce() {
        assertThat(cut.decide(fast(1_200, Duration.ZERO))).contains(Reason.FULL);
        assertThat(cut.decide(fast(5_000, Duration.ZERO))).contains(Reason.FULL);
        assertThat(cut.decide(fast(1_199, Duration.ZERO))).isEmpty();
    }

    @Test
    void theOldestLeafWaitsNoLongerThanTheBound() {
        assertThat(cut.decide(fast(1, Duration.ofMillis(29_999)))).isEmpty();
        assertThat(cut.decide(fast(1, Duration.ofSeconds(30)))).contains(Reason.OLDEST_WAITED);
    }

    @Test
    void aPlanWaitsShortlyButNotMoreOftenThanBlocksCome() {
        assertThat(cut.decide(plan(Duration.ofMillis(49), BLOCK))).isEmpty();
        assertThat(cut.decide(plan(Duration.ofMillis(50), BLOCK))).contains(Reason.PLAN_WAITS);
        assertThat(cut.decide(plan(Duration.ofMillis(80), BLOCK.minusMillis(1))))
                .isEmpty();
    }

    @Test
    void fullBatchesKeepADistanceThatShrinksAsLeavesWait() {
        assertThat(cut.decide(full(Duration.ZERO, FULL.minusMillis(1)))).isEmpty();
        assertThat(cut.decide(full(Duration.ZERO, FULL))).contains(Reason.FULL);
        assertThat(cut.decide(full(Duration.ofSeconds(150), Duration.ofMillis(99))))
                .isEmpty();
        assertThat(cut.decide(full(Duration.ofSeconds(150), Duration.ofMillis(100))))
                .contains(Reason.FULL);
        assertThat(cut.decide(full(Duration.ofMinutes(5), Duration.ZERO))).contains(Reason.FULL);
    }

    @Test
    void theLastCutDoesNotDelayLeavesThatHaveWaitedLong() {
        assertThat(cut.decide(
                        new Waiting(1, Duration.ofSeconds(30), Optional.empty(), Duration.ZERO, Optional.empty())))
                .contains(Reason.OLDEST_WAITED);
    }

    @Test
    void aBatchHasAtMostTwelveHundredLeaves() {
        assertThatThrownBy(() -> new BatchCut(1_201, BLOCK, BLOCK, BLOCK, BLOCK))
                .hasMessageContaining("1..1200");
        assertThatThrownBy(() -> new BatchCut(0, BLOCK, BLOCK, BLOCK, BLOCK)).hasMessageContaining("1..1200");
    }

    @Test
    void plansAreCutAtTheLastMomentBeforeTheNextBlock() {
        assertThat(cut.decide(beat(200, 229, BLOCK))).isEmpty();
        assertThat(cut.untilPlans(beat(200, 229, BLOCK))).contains(Duration.ofMillis(1));
        assertThat(cut.decide(beat(200, 230, BLOCK))).contains(Reason.PLAN_WAITS);
    }

    @Test
    void whoComesAfterTheMomentWaitsForTheNext() {
        assertThat(cut.untilPlans(beat(4, 235, BLOCK))).contains(Duration.ofMillis(245));
        assertThat(cut.untilPlans(beat(5, 235, BLOCK))).contains(Duration.ZERO);
    }

    @Test
    void plansAreCutOnceABlock() {
        assertThat(cut.decide(beat(200, 240, Duration.ofMillis(10)))).isEmpty();
        assertThat(cut.decide(beat(200, 240, Duration.ofMillis(11)))).contains(Reason.PLAN_WAITS);
    }

    @Test
    void aMissedBlockMovesTheMomentOnByAnInterval() {
        assertThat(cut.untilPlans(beat(100, 470, BLOCK))).contains(Duration.ofMillis(10));
        assertThat(cut.decide(beat(100, 480, BLOCK))).contains(Reason.PLAN_WAITS);
    }

    @Test
    void aChainThatIsNotHeardOfLeavesTheOldRule() {
        Waiting waiting = beat(50, 2_501, BLOCK);

        assertThat(cut.decide(waiting)).contains(Reason.PLAN_WAITS);
        assertThat(cut.untilPlans(beat(20, 2_501, BLOCK))).contains(Duration.ofMillis(30));
    }

    @Test
    void whereBlocksComeFasterThanWasSaidAPlanWaitsNoLongerThanAnInterval() {
        assertThat(cut.decide(beat(249, 100, BLOCK))).isEmpty();
        assertThat(cut.decide(beat(250, 100, BLOCK.minusMillis(1)))).isEmpty();
        assertThat(cut.decide(beat(250, 100, BLOCK))).contains(Reason.PLAN_WAITS);
    }

    @Test
    void aPlanGoesBeforeAFullBatch() {
        Duration age = Duration.ofMillis(200);

        assertThat(cut.decide(new Waiting(
                        1_200,
                        age,
                        Optional.of(age),
                        BLOCK,
                        Optional.of(new Beat(Duration.ofMillis(230), Duration.ofMillis(20))))))
                .contains(Reason.PLAN_WAITS);
    }

    @Test
    void moreThanHalfAnIntervalIsNotTakenForTheWay() {
        Waiting slow = new Waiting(
                1,
                Duration.ofMillis(200),
                Optional.of(Duration.ofMillis(200)),
                BLOCK,
                Optional.of(new Beat(Duration.ofMillis(124), Duration.ofSeconds(3))));

        assertThat(cut.untilPlans(slow)).contains(Duration.ofMillis(1));
    }

    @Test
    void whoWaitsForWitnessesWaitsForNoBlock() {
        Duration distance = cut.betweenWitnessedCuts(0, 8);

        assertThat(cut.decide(witnesses(distance, distance))).contains(Reason.WITNESSES_AWAITED);
        assertThat(cut.decide(witnesses(distance.minusMillis(1), distance))).isEmpty();
        assertThat(cut.untilPlans(witnesses(distance.minusMillis(1), distance))).contains(Duration.ofMillis(1));
        assertThat(cut.untilPlans(witnesses(distance.multipliedBy(2), distance)))
                .contains(Duration.ZERO);
    }

    @Test
    void whoWaitsForWitnessesLeavesTheChainRoom() {
        BatchCut slow = new BatchCut(1_200, BLOCK, Duration.ofSeconds(2), FULL, Duration.ofSeconds(30));

        assertThat(cut.betweenWitnessedCuts(3, 8)).isEqualTo(Duration.ofMillis(200));
        assertThat(cut.betweenWitnessedCuts(4, 8)).isEqualTo(BLOCK);
        assertThat(slow.betweenWitnessedCuts(3, 8)).isEqualTo(Duration.ofMillis(200));
        assertThat(slow.betweenWitnessedCuts(4, 8)).isEqualTo(Duration.ofSeconds(1));
        assertThat(slow.betweenWitnessedCuts(4_000, 8)).isEqualTo(Duration.ofSeconds(1));
    }

    private static Waiting witnesses(Duration sinceLastCut, Duration distance) {
        return new Waiting(
                3,
                Duration.ofMillis(1),
                Optional.of(Duration.ofMillis(1)),
                sinceLastCut,
                Optional.of(new Beat(Duration.ofMillis(5), Duration.ofMillis(20))),
                Optional.of(distance));
    }

    private static Waiting beat(int waits, int sinceBlock, Duration sinceLastCut) {
        Duration age = Duration.ofMillis(waits);
        return new Waiting(
                3,
                age,
                Optional.of(age),
                sinceLastCut,
                Optional.of(new Beat(Duration.ofMillis(sinceBlock), Duration.ofMillis(20))));
    }

    private static Waiting full(Duration oldest, Duration sinceLastCut) {
        return new Waiting(1_200, oldest, Optional.empty(), sinceLastCut, Optional.empty());
    }

    private static Waiting fast(int leaves, Duration oldest) {
        return new Waiting(leaves, oldest, Optional.empty(), Duration.ofSeconds(1), Optional.empty());
    }

    private static Waiting plan(Duration waits, Duration sinceLastCut) {
        return new Waiting(3, waits, Optional.of(waits), sinceLastCut, Optional.empty());
    }
}
