package openledger.settlement.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import openledger.commitment.BatchCut;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.PlanLevel;
import openledger.commitment.leaf.LaneSecret;
import openledger.settlement.LaneListener;
import openledger.settlement.ShelvedBatch;
import openledger.settlement.TestDecisions;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.JournalOffset;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.junit.jupiter.api.Test;

/** Those who wait for plans, on chain or with witnesses. Long because either may happen before, between and after the other's events. */
final class ConfirmationRegistryTest {
    private static final LaneId LANE = new LaneId(TestDecisions.LANE);
    private static final int STEPS = 5;

    private final ConfirmationRegistry registry = new ConfirmationRegistry(LANE, new ConfirmationRegistry.Bounds(3, 1));
    private static final CutBatch BATCH = new BatchAssembly(
                    901, Address.parse("0x" + "22".repeat(20)), LANE, new LaneSecret(new byte[LaneSecret.BYTES]))
            .cut(
                    Predecessor.NONE,
                    Hash32.ZERO,
                    TestDecisions.taken(
                            1,
                            3,
                            List.of(new Placed(
                                    TestDecisions.carriedOut(TestDecisions.planned(9, 1)), JournalOffset.START))));

    private static final long SIZE = BATCH.header().size();

    private final ShelvedBatch shelf = new ShelvedBatch(BATCH, ShelvedBatch.Leaf.PLAN);

    @Test
    void isToldWhenTheBatchOfItsPlanComesFarEnough() {
        var soon = reached(2, PlanLevel.PRECONFIRMED);
        var later = reached(2, PlanLevel.SAFE);

        cut();
        promoted(2, ConfirmationLevel.FINALIZED);
        soon.assertNotTerminated();
        promoted(1, ConfirmationLevel.SEQUENCED);

        soon.assertCompleted();
        later.assertNotTerminated();
        promoted(1, ConfirmationLevel.SAFE);
        later.assertCompleted();
        assertThat(registry.isPlanAwaited()).isFalse();
    }

    @Test
    void findsTheBatchesThatItWasNotToldOf() {
        var soon = reached(2, PlanLevel.SEQUENCED);
        var later = reached(2, PlanLevel.SAFE);
        shelf.level = ConfirmationLevel.SEQUENCED;

        registry.search(shelf).await().indefinitely();

        soon.assertCompleted();
        later.assertNotTerminated();
        promoted(1, ConfirmationLevel.SAFE);
        later.assertCompleted();
    }

    @Test
    void anOutcomeIsNoPlan() {
        var waiter = reached(9, PlanLevel.SEQUENCED);

        cut();
        promoted(1, ConfirmationLevel.FINALIZED);

        waiter.assertNotTerminated();
    }

    @Test
    void whoLeavesMakesRoomBeforeAndAfterTheCut() {
        var one = reached(1, PlanLevel.SEQUENCED);
        var other = reached(2, PlanLevel.SEQUENCED);
        one.cancel();
        cut();
        other.cancel();
        assertThat(registry.isPlanAwaited()).isFalse();

        promoted(1, ConfirmationLevel.SEQUENCED);
        one.assertNotTerminated();
        other.assertNotTerminated();
    }

    @Test
    void waitersAreBounded() {
        for (int i = 0; i < 3; i++) {
            reached(1, PlanLevel.SEQUENCED);
        }
        var tooMany = reached(2, PlanLevel.SEQUENCED);

        cut();
        promoted(1, ConfirmationLevel.SEQUENCED);

        tooMany.assertNotTerminated();
    }

    @Test
    void whoAsksForAnotherLaneIsNeverCalledAndTakesNoPlace() {
        var foreign = registry.plan(new RequestId(LANE.value() + 1, 2), PlanLevel.SEQUENCED)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        assertThat(registry.isPlanAwaited()).isFalse();

        cut();
        promoted(1, ConfirmationLevel.FINALIZED);

        foreign.assertNotTerminated();
    }

    @Test
    void waitersAreCalledWithoutALock() {
        var waiter = registry.plan(new RequestId(LANE.value(), 2), PlanLevel.SEQUENCED)
                .invoke(() -> assertThat(Thread.holdsLock(registry)).isFalse())
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());

        cut();
        promoted(1, ConfirmationLevel.SEQUENCED);

        waiter.assertCompleted();
    }

    @Test
    void whoWaitsForWitnessesIsToldByTheSizeOfTheLogAndNotByTheChain() {
        var waiter = reached(2, PlanLevel.WITNESSED);
        var chain = reached(2, PlanLevel.PRECONFIRMED);

        cut();
        promoted(1, ConfirmationLevel.FINALIZED);
        registry.witnessed(SIZE - 1);
        chain.assertCompleted();
        waiter.assertNotTerminated();
        registry.witnessed(SIZE);

        waiter.assertCompleted();
        assertThat(registry.isPlanAwaited()).isFalse();
    }

    @Test
    void witnessesSayNothingOfTheChain() {
        var waiter = reached(2, PlanLevel.PRECONFIRMED);

        cut();
        registry.witnessed(SIZE + 100);

        waiter.assertNotTerminated();
    }

    /** The answer to the cut may be lost, and another router may have had the lane and its witnesses meanwhile. */
    @Test
    void whatWasWitnessedBeforeItWasKnownWhereThePlanIsCounts() {
        registry.witnessed(SIZE);
        var cutLater = reached(2, PlanLevel.WITNESSED);
        cut();
        cutLater.assertCompleted();

        var searched = reached(2, PlanLevel.WITNESSED);
        shelf.level = ConfirmationLevel.RECORDED;
        registry.search(shelf).await().indefinitely();
        searched.assertCompleted();
    }

    @Test
    void aSmallerLogTakesNothingBack() {
        registry.witnessed(SIZE);
        registry.witnessed(1);
        var waiter = reached(2, PlanLevel.WITNESSED);

        cut();

        waiter.assertCompleted();
    }

    @Test
    void plansThatWaitForWitnessesAreKnownUntilTheyAreCut() {
        assertThat(registry.isWitnessAwaited()).isFalse();
        reached(1, PlanLevel.SEQUENCED);
        assertThat(registry.isWitnessAwaited()).isFalse();
        var waiter = reached(2, PlanLevel.WITNESSED);
        assertThat(registry.isWitnessAwaited()).isTrue();
        assertThat(registry.isWitnessAwaited(2)).isTrue();
        assertThat(registry.isWitnessAwaited(1)).isFalse();

        cut();
        assertThat(registry.isWitnessAwaited()).isFalse();
        assertThat(registry.isWitnessAwaited(2)).isFalse();
        waiter.cancel();
        assertThat(registry.isWitnessAwaited()).isFalse();

        reached(2, PlanLevel.WITNESSED).cancel();
        assertThat(registry.isWitnessAwaited()).isFalse();
        assertThat(registry.isWitnessAwaited(2)).isFalse();
    }

    @Test
    void waitersForWitnessesAreBoundedWithTheOthersAndCalledWithoutALock() {
        reached(1, PlanLevel.SEQUENCED);
        reached(1, PlanLevel.WITNESSED);
        var last = registry.plan(new RequestId(LANE.value(), 2), PlanLevel.WITNESSED)
                .invoke(() -> assertThat(Thread.holdsLock(registry)).isFalse())
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        var tooMany = reached(2, PlanLevel.WITNESSED);

        cut();
        registry.witnessed(SIZE);

        last.assertCompleted();
        tooMany.assertNotTerminated();
    }

    /** Every order of so many events, held against what a waiter must have been told. */
    @Test
    void isToldExactlyWhenItsLevelIsReachedWhateverHappens() {
        Event[] events = Event.values();
        for (int walk = 0; walk < Math.pow(events.length, STEPS); walk++) {
            ConfirmationRegistryTest each = new ConfirmationRegistryTest();
            Expected expected = new Expected();
            UniAssertSubscriber<Void> waiter = null;
            List<Event> story = new ArrayList<>();
            for (int step = 0, rest = walk; step < STEPS; step++, rest /= events.length) {
                Event event = events[rest % events.length];
                story.add(event);
                if (event == Event.ASK && waiter == null) {
                    waiter = each.reached(2, PlanLevel.SEQUENCED);
                    expected.asked = true;
                } else if (event == Event.CANCEL && waiter != null) {
                    waiter.cancel();
                    expected.cancelled |= !expected.told;
                } else {
                    each.happens(event, expected);
                }
                assertThat(each.registry.isPlanAwaited()).as("%s", story).isEqualTo(expected.waits());
            }
            if (waiter != null && expected.told) {
                waiter.assertCompleted();
            } else if (waiter != null) {
                waiter.assertNotTerminated();
            }
        }
    }

    private void happens(Event event, Expected expected) {
        switch (event) {
            case CUT -> {
                cut();
                expected.placed |= expected.waits();
                shelf.level = ConfirmationLevel.RECORDED;
            }
            case PROMOTED -> {
                promoted(1, ConfirmationLevel.SAFE);
                expected.told |= expected.waits() && expected.placed;
                shelf.level = ConfirmationLevel.SAFE;
            }
            case PROMOTED_TOO_LITTLE -> {
                promoted(1, ConfirmationLevel.PRECONFIRMED);
                shelf.level = ConfirmationLevel.PRECONFIRMED;
            }
            case DEMOTED -> {
                registry.demoted(1);
                shelf.level = ConfirmationLevel.RECORDED;
            }
            case LANE_LOST -> registry.lease(LaneListener.LeaseChange.LOST);
            case LANE_TAKEN -> {
                registry.search(shelf).await().indefinitely();
                // What has its batch is not searched for: its level will be told.
                expected.told |= expected.waits()
                        && !expected.placed
                        && shelf.level != null
                        && shelf.level.reaches(ConfirmationLevel.SEQUENCED);
                expected.placed |= expected.waits() && shelf.level != null;
            }
            case ASK, CANCEL -> {}
        }
    }

    /** What can happen to somebody who waits. */
    private enum Event {
        ASK,
        CANCEL,
        CUT,
        PROMOTED,
        PROMOTED_TOO_LITTLE,
        DEMOTED,
        LANE_LOST,
        LANE_TAKEN
    }

    /** What a waiter must know so far. */
    private static final class Expected {
        private boolean asked;
        private boolean placed;
        private boolean told;
        private boolean cancelled;

        boolean waits() {
            return asked && !told && !cancelled;
        }
    }

    private void cut() {
        registry.cut(BatchCut.Reason.FULL, BATCH);
    }

    private void promoted(long sequence, ConfirmationLevel level) {
        registry.promoted(sequence, level, Duration.ZERO);
    }

    private UniAssertSubscriber<Void> reached(long counter, PlanLevel level) {
        return registry.plan(new RequestId(LANE.value(), counter), level)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
