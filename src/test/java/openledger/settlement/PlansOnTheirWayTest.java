package openledger.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import openledger.commitment.PlanLevel;
import openledger.unit.RequestId;
import org.junit.jupiter.api.Test;

/** Plans on their way to the chain: past the backlog, once a block, and in time for it. */
final class PlansOnTheirWayTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofMillis(10);

    private final SettlementWorld world = new SettlementWorld();

    @Test
    void aPlanDoesNotWaitBehindABacklogOfOutcomes() {
        world.decide(2_000, 0);
        world.pass(SECOND);
        world.journal.epoch(3, 0);
        assertThat(world.rows.cut.size()).isLessThan(150);

        world.pass(SECOND);

        assertThat(planned()).isEqualTo(3);
        assertThat(world.rows.cut.values().stream()
                        .mapToInt(batch -> batch.header().outcomes())
                        .sum())
                .isLessThan(1_000);
    }

    @Test
    void batchesThatNobodyWaitsForAreLookedAtOnceABlock() {
        world.decide(10, 0);
        world.pass(SECOND.multipliedBy(4));
        int before = world.chain.views;
        long cut = world.rows.cut.size();

        Duration load = SECOND.multipliedBy(10);
        for (Duration passed = Duration.ZERO; passed.compareTo(load) < 0; passed = passed.plusMillis(100)) {
            world.decide(10, 0);
            world.pass(Duration.ofMillis(100));
        }

        long blocks = load.dividedBy(SettlementWorld.BLOCK);
        assertThat(world.rows.cut.size() - cut).isGreaterThan(blocks);
        assertThat(world.chain.views - before).isBetween((int) blocks - 2, (int) blocks + 10);
        world.pass(SECOND.multipliedBy(20));
        world.check();
    }

    @Test
    void outcomesThatDoNotGetThroughLeavePlacesForAPlan() {
        world.decide(1, 0);
        world.pass(SECOND.multipliedBy(4));
        world.chain.dropsWhatItIsSent = true;
        world.decide(2_000, 0);
        world.pass(SECOND.multipliedBy(5));
        int withoutPlans = world.rows.cut.size();
        world.pass(SECOND.multipliedBy(5));
        assertThat(world.rows.cut).hasSize(withoutPlans);

        world.journal.epoch(1, 0);
        world.pass(SECOND);

        assertThat(planned()).isOne();
        world.chain.dropsWhatItIsSent = false;
        world.pass(SECOND.multipliedBy(240));
        world.check();
    }

    @Test
    void whoWaitsIsToldOnceThePlanIsInABlockAndLagIsSaid() {
        world.decide(1, 0);
        world.pass(SECOND.multipliedBy(4));
        assertThat(world.confirmations.standing().lag()).isEmpty();
        var waiter = world.confirmations
                .reached(new RequestId(SettlementWorld.LANE.value(), 2), PlanLevel.SEQUENCED)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());

        world.journal.epoch(1, 0);
        world.pass(Duration.ofMillis(100));
        waiter.assertNotTerminated();
        world.pass(SettlementWorld.BLOCK.multipliedBy(2));

        waiter.assertCompleted();
        assertThat(world.confirmations.standing().newestNumber()).isPositive();
        world.chain.reachable = false;
        world.pass(SECOND.multipliedBy(6));
        assertThat(world.confirmations.standing().lag().orElseThrow()).isGreaterThan(SECOND.multipliedBy(4));
    }

    @Test
    void aPlanIsInTheNextBlockWheneverItComesBeforeTheLastMoment() {
        world.decide(1, 0);
        world.pass(SECOND.multipliedBy(4));
        for (int phase = 1; phase <= 20; phase++) {
            toPhase(STEP.multipliedBy(phase % 18));
            long counter = phase + 1L;
            var waiter = world.confirmations
                    .reached(new RequestId(SettlementWorld.LANE.value(), counter), PlanLevel.SEQUENCED)
                    .subscribe()
                    .withSubscriber(UniAssertSubscriber.create());
            world.journal.epoch(1, 0);

            // To the next block, and what it takes to look at it.
            world.pass(SettlementWorld.BLOCK.minus(world.sinceBlock).plus(STEP.multipliedBy(2)));

            waiter.assertCompleted();
        }
        world.pass(SECOND.multipliedBy(20));
        world.check();
    }

    @Test
    void plansAreCutOnceABlock() {
        world.decide(1, 0);
        world.pass(SECOND.multipliedBy(4));
        int before = world.rows.cut.size();
        for (int i = 0; i < 100; i++) {
            world.journal.epoch(1, 0);
            world.pass(STEP.multipliedBy(5));
        }

        assertThat(world.rows.cut.size() - before).isBetween(18, 22);
    }

    @Test
    void snapshotsWithoutAPlanGoAlongWithTheNextBatch() {
        world.journal.epoch(0, 0);
        world.journal.epoch(0, 0);
        world.pass(SECOND.multipliedBy(3));
        assertThat(world.rows.cut).isEmpty();

        world.decide(1, 0);
        world.pass(SECOND.multipliedBy(30));

        world.check();
        assertThat(world.rows.cut.firstEntry().getValue().header().lastSnapshot())
                .isEqualTo(2);
    }

    private void toPhase(Duration phase) {
        do {
            world.pass(STEP);
        } while (!world.sinceBlock.equals(phase));
    }

    private long planned() {
        return world.rows.cut.values().stream()
                .mapToLong(batch -> batch.plans().size())
                .sum();
    }
}
