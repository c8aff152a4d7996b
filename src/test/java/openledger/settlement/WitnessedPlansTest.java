package openledger.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import openledger.commitment.PlanLevel;
import openledger.settlement.SequencerStatus.Condition;
import openledger.unit.RequestId;
import org.junit.jupiter.api.Test;

/** Plans whose requests wait for witnesses: cut at once, whatever the chain does, and not too often for it. */
final class WitnessedPlansTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofMillis(10);
    /** To be read, cut and stored. */
    private static final Duration SOON = Duration.ofMillis(60);

    private final SettlementWorld world = new SettlementWorld();
    private long counter = 1;

    WitnessedPlansTest() {
        world.decide(1, 0);
        world.pass(SECOND.multipliedBy(4));
    }

    @Test
    void aPlanIsCutAtOnceWheneverItComes() {
        for (int phase = 0; phase < 25; phase++) {
            world.pass(SECOND);
            do {
                world.pass(STEP);
            } while (!world.sinceBlock.equals(STEP.multipliedBy(phase)));

            var waiter = planned(PlanLevel.WITNESSED);
            world.pass(SOON);

            waiter.assertNotTerminated();
            cosign();
            waiter.assertCompleted();
        }
        world.pass(SECOND.multipliedBy(20));
        world.check();
    }

    @Test
    void cutsForWitnessesKeepADistanceThatTheChainKeepsUpWith() {
        int before = world.rows.cut.size();
        for (int i = 0; i < 100; i++) {
            planned(PlanLevel.WITNESSED);
            world.pass(STEP.multipliedBy(5));
        }

        // Each 200 ms, and once a block as always.
        assertThat(world.rows.cut.size() - before).isBetween(25, 45);
        world.pass(SECOND.multipliedBy(2));
        world.check();
    }

    @Test
    void otherPlansAreStillCutOnceABlock() {
        planned(PlanLevel.WITNESSED);
        world.pass(SECOND);
        int before = world.rows.cut.size();
        for (int i = 0; i < 100; i++) {
            planned(PlanLevel.SEQUENCED);
            world.pass(STEP.multipliedBy(5));
        }

        assertThat(world.rows.cut.size() - before).isBetween(18, 22);
    }

    @Test
    void aChainThatIsAwayDelaysNoneForAsLongAsItIs() {
        world.chain.reachable = false;
        world.pass(SECOND);
        assertThat(world.status().condition()).isEqualTo(Condition.NO_CHAIN);

        cutInTimeForTwoMinutes(SOON);

        comesBack();
    }

    /** Nodes that take connections and never answer: each question lasts until its time-out. */
    @Test
    void aChainThatNeverAnswersDelaysNoneEither() {
        world.chain.reachable = false;
        world.chain.latency = SECOND.multipliedBy(5);
        world.pass(SECOND);

        // And what is asked when the first comes is not waited for any longer than to notice that somebody waits.
        cutInTimeForTwoMinutes(SOON);

        world.chain.latency = Duration.ofMillis(2);
        world.pass(SECOND.multipliedBy(6));
        comesBack();
    }

    /** Blocks are made, and nothing of ours gets into one. */
    @Test
    void aChainThatTakesNothingDelaysNoneEither() {
        world.chain.dropsWhatItIsSent = true;

        cutInTimeForTwoMinutes(SECOND);

        world.chain.dropsWhatItIsSent = false;
        comesBack();
    }

    @Test
    void whoWaitsForTheChainHasNoPlaceBeyondTheLimit() {
        world.chain.reachable = false;
        world.pass(SECOND);
        for (int i = 0; i < 60; i++) {
            planned(PlanLevel.SEQUENCED);
            world.pass(SECOND);
        }

        assertThat(world.rows.cut).hasSizeLessThanOrEqualTo(1 + 8);
        comesBack();
    }

    /** With batches waiting that this process has not cut, and no chain to ask for them. */
    @Test
    void aRestartWhileTheChainIsAwayGoesOnCutting() {
        world.chain.reachable = false;
        for (int i = 0; i < 20; i++) {
            planned(PlanLevel.WITNESSED);
            world.pass(SECOND);
        }
        world.restart();
        world.pass(SECOND.multipliedBy(4));

        cutInTimeForTwoMinutes(SOON);

        comesBack();
    }

    /** A long answer of a node that comes while batches are cut is about those that were there when it was asked. */
    @Test
    void slowNodesAreReadWhileBatchesAreCut() {
        world.chain.latency = Duration.ofMillis(60);
        for (int i = 0; i < 200; i++) {
            var waiter = planned(PlanLevel.WITNESSED);
            if (i % 20 == 0) {
                world.newPolicy();
            }
            world.pass(Duration.ofMillis(300));
            cosign();
            waiter.assertCompleted();
        }

        world.pass(SECOND.multipliedBy(60));
        world.check();
        assertThat(world.chain.reverted).isZero();
        assertThat(world.demoted()).isEmpty();
    }

    private void cutInTimeForTwoMinutes(Duration longest) {
        for (int i = 0; i < 120; i++) {
            var waiter = planned(PlanLevel.WITNESSED);
            world.pass(longest);
            cosign();
            waiter.assertCompleted();
            world.pass(SECOND.multipliedBy(2).minus(longest));
        }
    }

    private void comesBack() {
        world.chain.reachable = true;
        world.pass(SECOND.multipliedBy(120));
        world.check();
    }

    /** A quorum cosigns all that is in the log. */
    private void cosign() {
        world.registry.witnessed(world.rows.cut.lastEntry().getValue().header().size());
    }

    /** A request gets its plan, and waits. */
    private UniAssertSubscriber<Void> planned(PlanLevel level) {
        UniAssertSubscriber<Void> waiter = world.confirmations
                .reached(new RequestId(SettlementWorld.LANE.value(), ++counter), level)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        world.journal.epoch(1, 0);
        return waiter;
    }
}
