package openledger.settlement.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.leaf.LaneSecret;
import openledger.inference.TurnedClock;
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

/** Those who wait for a leaf, as the sequencer and the database tell them. */
final class LevelWaitersTest {
    private static final LaneId OURS = new LaneId(TestDecisions.LANE);
    private static final LaneId THEIRS = new LaneId(TestDecisions.LANE + 1);
    private static final Duration LONGEST = Duration.ofSeconds(8);

    private final TurnedClock time = new TurnedClock();
    private final CutBatch batch = new BatchAssembly(
                    901, Address.parse("0x" + "22".repeat(20)), OURS, new LaneSecret(new byte[LaneSecret.BYTES]))
            .cut(Predecessor.NONE, Hash32.ZERO, BatchInput.of(TestDecisions.placed(10, 1, 1)));
    private final ShelvedBatch shelf = new ShelvedBatch(batch, ShelvedBatch.Leaf.OUTCOME);
    private final LevelWaiters waiters = new LevelWaiters(shelf, time, () -> Runnable::run, OURS, 2);

    @Test
    void isToldWhenItsBatchIsCutAndComesFarEnough() {
        var waiter = await(OURS, 3, ConfirmationLevel.SAFE);

        waiters.cut(OURS, batch);
        waiters.reached(OURS, 1, ConfirmationLevel.SEQUENCED);
        waiters.reached(OURS, 2, ConfirmationLevel.FINALIZED);
        waiter.assertNotTerminated();

        waiters.reached(OURS, 1, ConfirmationLevel.SAFE);
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
            waiters.reached(OURS, 1, ConfirmationLevel.SEQUENCED);
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

    private UniAssertSubscriber<Void> await(LaneId lane, long counter, ConfirmationLevel level) {
        return waiters.await(new RequestId(lane.value(), counter), level, LONGEST)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
