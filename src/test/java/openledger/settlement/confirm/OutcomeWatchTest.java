package openledger.settlement.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import openledger.commitment.BatchCut;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.leaf.LaneSecret;
import openledger.inference.TurnedClock;
import openledger.inference.TurnedLoops;
import openledger.settlement.LaneListener;
import openledger.settlement.ShelvedBatch;
import openledger.settlement.TestDecisions;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.BatchInput;
import openledger.settlement.cut.CutBatch;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.junit.jupiter.api.Test;

/** Those who wait for an outcome, as the lane and the database have it. Long because all that can happen is walked. */
final class OutcomeWatchTest {
    private static final LaneId OURS = new LaneId(TestDecisions.LANE);
    private static final LaneId THEIRS = new LaneId(TestDecisions.LANE + 1);
    private static final Duration LONGEST = Duration.ofSeconds(8);
    private static final int STEPS = 5;

    private final TurnedClock time = new TurnedClock();
    private static final CutBatch BATCH = new BatchAssembly(
                    901, Address.parse("0x" + "22".repeat(20)), OURS, new LaneSecret(new byte[LaneSecret.BYTES]))
            .cut(Predecessor.NONE, Hash32.ZERO, BatchInput.of(TestDecisions.placed(10, 1, 1)));
    private final ShelvedBatch shelf = new ShelvedBatch(BATCH, ShelvedBatch.Leaf.OUTCOME);
    private final ConfirmationRegistry registry = new ConfirmationRegistry(OURS, new ConfirmationRegistry.Bounds(0, 2));
    private boolean isPlaced;
    private final OutcomeWatch watch = new OutcomeWatch(registry, shelf, time, new TurnedLoops(time));

    @Test
    void isToldWhenItsBatchIsCutAndComesFarEnough() {
        var waiter = await(OURS, 3, ConfirmationLevel.SAFE);

        cut();
        promoted(1, ConfirmationLevel.SEQUENCED);
        promoted(2, ConfirmationLevel.FINALIZED);
        waiter.assertNotTerminated();

        promoted(1, ConfirmationLevel.SAFE);
        waiter.assertCompleted();
        assertThat(time.pending()).isZero();
    }

    @Test
    void doesNotWaitForWhatHasComeFarEnough() {
        shelf.level = ConfirmationLevel.SAFE;

        await(OURS, 3, ConfirmationLevel.SEQUENCED).assertCompleted();
    }

    @Test
    void isNotMissedIfItComesFurtherWhileTheAnswerIsOnItsWay() {
        shelf.level = ConfirmationLevel.RECORDED;
        shelf.meanwhile = () -> {
            promoted(1, ConfirmationLevel.SEQUENCED);
            shelf.level = ConfirmationLevel.SEQUENCED;
        };

        await(OURS, 3, ConfirmationLevel.SEQUENCED).assertCompleted();
    }

    @Test
    void findsABatchThatItWasNotToldOf() {
        var waiter = await(OURS, 3, ConfirmationLevel.SEQUENCED);
        shelf.level = ConfirmationLevel.SEQUENCED;
        waiter.assertNotTerminated();

        time.advance(LONGEST.minusSeconds(1));

        waiter.assertCompleted();
    }

    @Test
    void doesNotWaitForOurOwnWord() {
        await(OURS, 3, ConfirmationLevel.RECORDED).assertCompleted();
        await(OURS, 3, ConfirmationLevel.ACCEPTED).assertCompleted();
    }

    @Test
    void waitsNoLongerThanItWants() {
        var waiter = await(OURS, 3, ConfirmationLevel.SEQUENCED);

        time.advance(LONGEST);

        waiter.assertCompleted();
    }

    @Test
    void asksTheDatabaseForTheLanesOfOthers() {
        var waiter = await(THEIRS, 3, ConfirmationLevel.SEQUENCED);
        waiter.assertNotTerminated();
        shelf.level = ConfirmationLevel.SEQUENCED;

        time.advance(Duration.ofSeconds(1));

        waiter.assertCompleted();
    }

    @Test
    void whoComesWhenAllPlacesAreTakenDoesNotWait() {
        var first = await(OURS, 1, ConfirmationLevel.SEQUENCED);
        await(OURS, 2, ConfirmationLevel.SEQUENCED).assertNotTerminated();
        await(OURS, 3, ConfirmationLevel.SEQUENCED).assertCompleted();

        first.cancel();

        await(OURS, 3, ConfirmationLevel.SEQUENCED).assertNotTerminated();
    }

    @Test
    void leavesNothingBehindWhenItIsCancelled() {
        var placed = await(OURS, 3, ConfirmationLevel.SEQUENCED);
        cut();
        placed.cancel();
        var foreign = await(THEIRS, 3, ConfirmationLevel.SEQUENCED);
        foreign.cancel();

        assertThat(time.pending()).isZero();
        promoted(1, ConfirmationLevel.FINALIZED);
        placed.assertNotTerminated();
    }

    @Test
    void waitsOnWhenTheLaneIsLost() {
        var waiter = await(OURS, 3, ConfirmationLevel.SEQUENCED);
        cut();

        registry.lease(LaneListener.LeaseChange.LOST);
        waiter.assertNotTerminated();

        time.advance(LONGEST);
        waiter.assertCompleted();
        assertThat(time.pending()).isZero();
    }

    @Test
    void isCalledOnItsOwnLoopAndWithoutALock() {
        TurnedLoops loops = new TurnedLoops(time);
        loops.turnedOnly();
        OutcomeWatch elsewhere = new OutcomeWatch(registry, shelf, time, loops);
        var waiter = elsewhere
                .await(new RequestId(OURS.value(), 3), ConfirmationLevel.SEQUENCED, LONGEST)
                .invoke(() -> assertThat(Thread.holdsLock(registry)).isFalse())
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        loops.settle();
        cut();

        promoted(1, ConfirmationLevel.SEQUENCED);
        waiter.assertNotTerminated();

        loops.settle();
        waiter.assertCompleted();
    }

    /** Whatever happens in whatever order: done at the level or at the time limit, never before, and once. */
    @Test
    void endsAtTheLevelOrAtTheTimeLimitWhateverHappens() {
        Event[] events = Event.values();
        for (int walk = 0; walk < Math.pow(events.length, STEPS); walk++) {
            OutcomeWatchTest each = new OutcomeWatchTest();
            StringBuilder story = new StringBuilder();
            var waiter = each.await(OURS, 3, ConfirmationLevel.SEQUENCED);
            long begun = each.time.nanoTime();
            boolean mayBeDone = false;
            for (int step = 0, rest = walk; step < STEPS; step++, rest /= events.length) {
                Event event = events[rest % events.length];
                story.append(event).append(' ');
                each.happens(event);
                mayBeDone |= each.hasReached() || each.time.nanoTime() - begun >= LONGEST.toNanos();
                if (!mayBeDone) {
                    waiter.assertNotTerminated();
                }
                if (event == Event.PROMOTED && each.isPlaced) {
                    waiter.assertCompleted();
                }
            }
            each.time.advance(LONGEST);
            waiter.assertCompleted();
            assertThat(each.time.pending()).as(story.toString()).isZero();
            each.shelf.level = null;
            each.await(OURS, 1, ConfirmationLevel.SEQUENCED).assertNotTerminated();
            each.await(OURS, 2, ConfirmationLevel.SEQUENCED).assertNotTerminated();
        }
    }

    private boolean hasReached() {
        return shelf.level != null && shelf.level.reaches(ConfirmationLevel.SEQUENCED);
    }

    /** What can happen while somebody waits. */
    private enum Event {
        CUT,
        CUT_UNHEARD,
        PROMOTED,
        PROMOTED_TOO_LITTLE,
        DEMOTED,
        LANE_LOST,
        TIME_PASSES
    }

    private void happens(Event event) {
        switch (event) {
            case CUT -> {
                shelf.level = ConfirmationLevel.RECORDED;
                cut();
                isPlaced = true;
            }
            case CUT_UNHEARD -> shelf.level = ConfirmationLevel.RECORDED;
            case PROMOTED -> come(ConfirmationLevel.SEQUENCED);
            case PROMOTED_TOO_LITTLE -> come(ConfirmationLevel.PRECONFIRMED);
            case DEMOTED -> {
                shelf.level = shelf.level == null ? null : ConfirmationLevel.RECORDED;
                registry.demoted(1);
            }
            case LANE_LOST -> registry.lease(LaneListener.LeaseChange.LOST);
            case TIME_PASSES -> time.advance(Duration.ofSeconds(3));
        }
    }

    private void come(ConfirmationLevel level) {
        if (shelf.level != null) {
            shelf.level = level;
            promoted(1, level);
        }
    }

    private void cut() {
        registry.cut(BatchCut.Reason.FULL, BATCH);
    }

    private void promoted(long sequence, ConfirmationLevel level) {
        registry.promoted(sequence, level, Duration.ZERO);
    }

    private UniAssertSubscriber<Void> await(LaneId lane, long counter, ConfirmationLevel level) {
        return watch.await(new RequestId(lane.value(), counter), level, LONGEST)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
