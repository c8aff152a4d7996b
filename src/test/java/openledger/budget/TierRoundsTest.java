package openledger.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.routing.Backoff;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;

final class TierRoundsTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofMillis(500));

    private final AtomicInteger draws = new AtomicInteger();
    private final TierRounds rounds = new TierRounds();

    private Duration afterFailure(Trigger trigger) {
        return afterFailure(trigger, rounds.tried() != 0b11);
    }

    private Duration afterFailure(Trigger trigger, boolean isUntriedFree) {
        return rounds.afterFailure(trigger, isUntriedFree, BACKOFF, () -> {
            draws.incrementAndGet();
            return 0.5;
        });
    }

    @Test
    void goesOnAtOnceWhileATargetIsUntried() {
        rounds.call(1);

        assertThat(afterFailure(Trigger.RATE_LIMITED)).isZero();
        assertThat(rounds.tried()).isEqualTo(0b10);
        assertThat(draws).hasValue(0);
    }

    @Test
    void waitsAfterEachRoundAndLonger() {
        rounds.call(0);
        rounds.call(1);

        assertThat(afterFailure(Trigger.RATE_LIMITED)).isEqualTo(Duration.ofMillis(50));
        assertThat(rounds.tried()).isZero();

        rounds.call(0);
        rounds.call(1);
        assertThat(afterFailure(Trigger.SERVER_ERROR)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void waitsWhereWeOurselvesRefused() {
        assertThat(afterFailure(Trigger.NO_CAPACITY)).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void waitsWhereTheTargetsThatWereNotTriedAreFull() {
        rounds.call(0);

        assertThat(afterFailure(Trigger.SERVER_ERROR, false)).isEqualTo(Duration.ofMillis(50));
        assertThat(rounds.tried()).isZero();
    }

    @Test
    void beginsAnewInTheNextTier() {
        afterFailure(Trigger.NO_CAPACITY);
        rounds.call(0);

        rounds.enter();

        assertThat(rounds.tried()).isZero();
        assertThat(afterFailure(Trigger.NO_CAPACITY)).isEqualTo(Duration.ofMillis(50));
    }
}
