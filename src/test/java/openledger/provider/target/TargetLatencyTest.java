package openledger.provider.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import openledger.routing.SlotBounds;
import openledger.routing.Target;
import openledger.routing.choice.PowerOfTwoChoices;
import openledger.unit.TargetId;
import org.junit.jupiter.api.Test;

/** What a target's own state remembers of its answers, under a clock that the test turns. */
final class TargetLatencyTest {
    private static final SlotBounds SLOTS = new SlotBounds(1, 8, 8);
    private static final CircuitSettings CIRCUIT =
            new CircuitSettings(20, 0.5, Duration.ofSeconds(5), Duration.ofMinutes(1));
    private final AtomicLong clock = new AtomicLong(77);
    private final TargetState slow = state();
    private final TargetState fast = state();
    private final List<Target> targets = List.of(
            new Target(new TargetId(0), "p", "slow", 1, SLOTS), new Target(new TargetId(1), "p", "m", 1, SLOTS));
    private final SplittableRandom random = new SplittableRandom(1);

    private TargetState state() {
        return new TargetState(SLOTS, new Circuit(CIRCUIT, clock::get), CIRCUIT.longestClosure(), clock::get);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private long choicesOfTheSlowOne() {
        long chosen = 0;
        for (int i = 0; i < 1_000; i++) {
            chosen += PowerOfTwoChoices.choose(targets, List.of(slow, fast), 0, random) == 0 ? 1 : 0;
        }
        return chosen;
    }

    @Test
    void aTargetThatWasSlowIsLeftAloneAndTriedAgainWithTime() {
        assertThat(choicesOfTheSlowOne()).isBetween(400L, 600L);
        for (int i = 0; i < 10; i++) {
            slow.answered(Duration.ofSeconds(30).toNanos());
            fast.answered(Duration.ofMillis(500).toNanos());
        }
        assertThat(choicesOfTheSlowOne()).isZero();

        // The other one is asked once in five seconds meanwhile.
        for (int i = 0; i < 24; i++) {
            pass(Duration.ofSeconds(5));
            fast.answered(Duration.ofMillis(500).toNanos());
        }

        assertThat(choicesOfTheSlowOne()).isBetween(400L, 600L);
    }

    @Test
    void whileItIsTriedNobodyElseIsSentThere() {
        for (int i = 0; i < 10; i++) {
            slow.answered(Duration.ofSeconds(30).toNanos());
        }
        for (int i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(4));
            fast.answered(Duration.ofMillis(500).toNanos());
        }
        assertThat(choicesOfTheSlowOne()).isPositive();

        slow.reserve();

        assertThat(choicesOfTheSlowOne()).isZero();
    }

    @Test
    void anAnswerAfterASilenceCountsMoreThanThoseBefore() {
        for (int i = 0; i < 100; i++) {
            slow.answered(Duration.ofSeconds(30).toNanos());
        }
        pass(Duration.ofMinutes(2));
        slow.answered(Duration.ofMillis(500).toNanos());

        assertThat(slow.latencyNanos() / 1e9).isCloseTo(0.5, within(0.4 * 30));
        assertThat(slow.latencyEvidence()).isBetween(1.0, 1.01);
    }
}
