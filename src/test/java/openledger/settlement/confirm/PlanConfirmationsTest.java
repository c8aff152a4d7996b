package openledger.settlement.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.leaf.LaneSecret;
import openledger.inference.TurnedClock;
import openledger.settlement.ShelvedBatch;
import openledger.settlement.TestDecisions;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.JournalOffset;
import openledger.settlement.ledger.BlockRef;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.junit.jupiter.api.Test;

/** Those who wait for plans, and what is said of the chain. */
final class PlanConfirmationsTest {
    private static final LaneId LANE = new LaneId(TestDecisions.LANE);
    private static final Duration QUIET = Duration.ofSeconds(2);

    private final TurnedClock time = new TurnedClock();
    private final PlanConfirmations confirmations = new PlanConfirmations(time, LANE, QUIET, 3);
    private final CutBatch batch = new BatchAssembly(
                    901, Address.parse("0x" + "22".repeat(20)), LANE, new LaneSecret(new byte[LaneSecret.BYTES]))
            .cut(
                    Predecessor.NONE,
                    Hash32.ZERO,
                    TestDecisions.taken(
                            1,
                            3,
                            List.of(new Placed(
                                    TestDecisions.carriedOut(TestDecisions.planned(9, 1)), JournalOffset.START))));

    @Test
    void isToldWhenTheBatchOfItsPlanComesFarEnough() {
        var soon = reached(2, ConfirmationLevel.PRECONFIRMED);
        var later = reached(2, ConfirmationLevel.SAFE);

        confirmations.cut(LANE, batch);
        confirmations.reached(LANE, 2, ConfirmationLevel.FINALIZED);
        soon.assertNotTerminated();
        confirmations.reached(LANE, 1, ConfirmationLevel.SEQUENCED);

        soon.assertCompleted();
        later.assertNotTerminated();
        confirmations.reached(LANE, 1, ConfirmationLevel.SAFE);
        later.assertCompleted();
        assertThat(confirmations.isAwaited()).isFalse();
    }

    @Test
    void findsTheBatchesThatItWasNotToldOf() {
        var soon = reached(2, ConfirmationLevel.SEQUENCED);
        var later = reached(2, ConfirmationLevel.SAFE);
        ShelvedBatch shelf = new ShelvedBatch(batch, ShelvedBatch.Leaf.PLAN);
        shelf.level = ConfirmationLevel.SEQUENCED;

        confirmations.search(shelf).await().indefinitely();

        soon.assertCompleted();
        later.assertNotTerminated();
        confirmations.reached(LANE, 1, ConfirmationLevel.SAFE);
        later.assertCompleted();
    }

    @Test
    void anOutcomeIsNoPlan() {
        var waiter = reached(9, ConfirmationLevel.SEQUENCED);

        confirmations.cut(LANE, batch);
        confirmations.reached(LANE, 1, ConfirmationLevel.FINALIZED);

        waiter.assertNotTerminated();
    }

    @Test
    void whoLeavesMakesRoomBeforeAndAfterTheCut() {
        var one = reached(1, ConfirmationLevel.SEQUENCED);
        var other = reached(2, ConfirmationLevel.SEQUENCED);
        one.cancel();
        confirmations.cut(LANE, batch);
        other.cancel();
        assertThat(confirmations.isAwaited()).isFalse();

        confirmations.reached(LANE, 1, ConfirmationLevel.SEQUENCED);
        one.assertNotTerminated();
        other.assertNotTerminated();
    }

    @Test
    void waitersAreBounded() {
        for (int i = 0; i < 3; i++) {
            reached(1, ConfirmationLevel.SEQUENCED);
        }
        var tooMany = reached(2, ConfirmationLevel.SEQUENCED);

        confirmations.cut(LANE, batch);
        confirmations.reached(LANE, 1, ConfirmationLevel.SEQUENCED);

        tooMany.assertNotTerminated();
    }

    @Test
    void aChainThatWasNeverHeardLagsFromTheStart() {
        time.advance(Duration.ofMillis(700));

        assertThat(confirmations.standing().newest()).isEqualTo(Hash32.ZERO);
        assertThat(confirmations.standing().newestNumber()).isZero();
        assertThat(confirmations.standing().lag()).contains(Duration.ofMillis(700));
    }

    @Test
    void aChainThatIsSilentLagsSinceItWasHeard() {
        Hash32 hash = Hash32.parse("0x" + "07".repeat(32));
        confirmations.looked(new BlockRef(7, hash));
        time.advance(QUIET);

        assertThat(confirmations.standing().newest()).isEqualTo(hash);
        assertThat(confirmations.standing().newestNumber()).isEqualTo(7);
        assertThat(confirmations.standing().lag()).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(confirmations.standing().lag()).contains(QUIET.plusMillis(1));
    }

    @Test
    void lagIsTheAgeOfTheOldestThatWaits() {
        confirmations.looked(new BlockRef(7, Hash32.ZERO));
        confirmations.waitsSince(Optional.of(Instant.ofEpochMilli(time.epochMillis())));
        time.advance(Duration.ofMillis(300));

        assertThat(confirmations.standing().lag()).contains(Duration.ofMillis(300));
        confirmations.waitsSince(Optional.empty());
        assertThat(confirmations.standing().lag()).isEmpty();
    }

    private UniAssertSubscriber<Void> reached(long counter, ConfirmationLevel level) {
        return confirmations
                .reached(new RequestId(LANE.value(), counter), level)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
