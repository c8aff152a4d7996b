package openledger.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import openledger.settlement.SequencerStatus.Condition;
import org.junit.jupiter.api.Test;

final class StakeShortTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void aStakeThatIsTooSmallBurnsNoGasUntilThereIsEnough() {
        SettlementWorld world = new SettlementWorld();
        world.decide(10, 0);
        world.pass(Duration.ofSeconds(2));
        world.chain.stakeShort = true;
        world.decide(50, 0);
        world.pass(LONG);
        int burned = world.chain.reverted;
        // What was on its way already, and no more.
        assertThat(burned).isBetween(1, 8);
        assertThat(world.status().condition()).isEqualTo(Condition.SHORT);
        assertThat(world.status().reason()).isEqualTo("StakeShort(7, 1, 2)");

        world.pass(LONG);
        assertThat(world.chain.reverted).isEqualTo(burned);

        world.chain.stakeShort = false;
        world.pass(LONG);

        assertThat(world.status().condition()).isEqualTo(Condition.WORKS);
        assertThat(world.status().reason()).isEmpty();
        world.check();
    }
}
