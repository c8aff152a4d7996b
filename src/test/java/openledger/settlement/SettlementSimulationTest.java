package openledger.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import openledger.settlement.LaneListener.Step;
import openledger.settlement.SequencerSettings.Preconfirmations;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything at once, and the end of the process at any moment: nothing is lost, nothing doubled. */
final class SettlementSimulationTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(30);

    @ParameterizedTest
    @EnumSource(Step.class)
    void endingAfterAnyStepLosesNothingAndDoublesNothing(Step step) {
        for (int occurrence = 1; occurrence <= 4; occurrence++) {
            SettlementWorld each = new SettlementWorld();
            int[] left = {occurrence};
            each.restart(passed -> {
                if (passed == step && --left[0] <= 0) {
                    each.end();
                }
            });
            each.journal.epoch(0, 0);
            each.journal.epoch(12, 0);
            each.decide(45, 0);
            each.journal.end(6);
            each.pass(SECOND);
            each.journal.epoch(3, each.newPolicy());
            each.decide(20, each.newPolicy());
            each.journal.end(9);
            each.chain.reorg(3);
            each.pass(SECOND);

            each.restart();
            each.pass(LONG);

            each.check();
        }
    }

    /** Then batches are signed twice, and of a batch's two transactions the one that reverts may be answered last. */
    @Test
    void aNonceOfANewerBlockThanTheHeadDoesNoHarm() {
        SettlementWorld world = new SettlementWorld();
        world.chain.answersWithReceipts = true;
        for (int i = 0; i < 40; i++) {
            world.chain.lag = i % 2;
            world.chain.tornViews = i % 2 == 1;
            world.decide(25, 0);
            world.pass(Duration.ofMillis(330));
        }
        world.chain.lag = 0;
        world.chain.tornViews = false;

        world.pass(LONG);

        assertThat(world.chain.reverted).isPositive();
        world.check();
    }

    static Stream<Integer> seeds() {
        return Stream.iterate(1, seed -> seed + 1).limit(200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverHappensEachPlanAndEachDecisionIsInOneBatchAndTheChainAgreesWithTheDatabase(int seed) {
        Random random = new Random(seed);
        SettlementWorld world = new SettlementWorld(seed % 2 == 0 ? Preconfirmations.WATCHED : Preconfirmations.NONE);
        world.chain.preconfirms = seed % 2 == 0;
        for (int i = 0; i < 60; i++) {
            happen(world, random);
            world.decide(random.nextInt(30), random.nextInt(20) == 0 ? world.newPolicy() : 0);
            for (int epoch = random.nextInt(4); epoch > 0; epoch--) {
                world.journal.epoch(random.nextInt(8), random.nextInt(40) == 0 ? world.newPolicy() : 0);
            }
            world.journal.end(random.nextInt(12));
            world.pass(Duration.ofMillis(10 + random.nextInt(600)));
        }
        world.chain.reachable = true;
        world.chain.lag = 0;
        world.chain.tornViews = false;
        world.chain.answersLost = false;
        world.chain.dropsWhatItIsSent = false;
        world.chain.commits = Effect.DONE;
        world.chain.baseFee = Wei.of(100);
        world.rows.down = false;

        world.pass(SECOND.multipliedBy(240));

        world.check();
    }

    private static void happen(SettlementWorld world, Random random) {
        switch (random.nextInt(19)) {
            case 0 -> world.chain.reorg(1 + random.nextInt(12));
            case 1 -> world.chain.reachable = !world.chain.reachable;
            case 2 -> world.chain.answersLost = !world.chain.answersLost;
            case 3 -> world.chain.dropsWhatItIsSent = !world.chain.dropsWhatItIsSent;
            case 4 -> world.chain.dropPool();
            case 5 -> world.chain.useNonce();
            case 6 -> world.chain.baseFee = Wei.of(1 + random.nextInt(2_000_000));
            case 7 -> world.chain.commits = random.nextBoolean() ? Effect.DONE : Effect.REVERTED;
            case 8 -> world.restart();
            case 9 -> world.takeLane();
            case 10 -> world.rows.down = !world.rows.down;
            case 11 -> {
                if (random.nextInt(4) == 0) {
                    world.chain.forgetEverything();
                }
            }
            case 12 -> world.chain.lag = random.nextInt(5);
            case 13 -> world.chain.tornViews = !world.chain.tornViews;
            case 14 -> world.chain.answersWithReceipts = !world.chain.answersWithReceipts;
            default -> {}
        }
    }
}
