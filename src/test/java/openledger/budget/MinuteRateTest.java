package openledger.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import openledger.budget.MinuteRate.Granted;
import openledger.budget.MinuteRate.Refused;
import openledger.budget.MinuteRate.Standing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MinuteRateTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    @Test
    void grantsAMinutesWorthAtOnceAndThenTellsWhenTheNextOneIsThere() {
        MinuteRate rate = new MinuteRate(10, 5);

        for (int left = 9; left >= 0; left--) {
            assertThat(rate.take(5)).isEqualTo(new Granted(new Standing(10, left, Duration.ofSeconds(60 - 6 * left))));
        }

        assertThat(rate.take(5))
                .isEqualTo(new Refused(new Standing(10, 0, Duration.ofMinutes(1)), Duration.ofSeconds(6)));
        assertThat(rate.take(5 + 6 * SECOND)).isInstanceOf(Granted.class);
        assertThat(rate.take(5 + 6 * SECOND)).isInstanceOf(Refused.class);
    }

    @Test
    void aRefusalCostsNothing() {
        MinuteRate rate = new MinuteRate(1, 0);
        rate.take(0);
        for (int i = 0; i < 100; i++) {
            rate.take(SECOND);
        }

        assertThat(rate.take(MINUTE)).isInstanceOf(Granted.class);
    }

    @Test
    void looksWithoutTaking() {
        MinuteRate rate = new MinuteRate(60, 0);
        rate.take(0);

        assertThat(rate.standingAt(0)).isEqualTo(new Standing(60, 59, Duration.ofSeconds(1)));
        assertThat(rate.standingAt(MINUTE)).isEqualTo(new Standing(60, 60, Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverGrantsMoreThanTheBucketAndWhatFlowedIn(long seed) {
        Random random = new Random(seed);
        int limit = 1 + random.nextInt(5_000);
        long start = random.nextLong();
        MinuteRate rate = new MinuteRate(limit, start);
        long passed = 0;
        long granted = 0;

        for (int i = 0; i < 20_000; i++) {
            passed += random.nextLong(2 * MINUTE / limit);
            switch (rate.take(start + passed)) {
                case Granted(var standing) -> granted++;
                case Refused(var standing, var retryAfter) -> {
                    assertThat(retryAfter).isPositive();
                    passed += retryAfter.toNanos();
                    assertThat(rate.take(start + passed)).isInstanceOf(Granted.class);
                    granted++;
                }
            }
            assertThat(granted).isLessThanOrEqualTo(limit + passed * limit / MINUTE + 1);
        }
    }

    @Test
    void whatIsGivenBackIsThereAgainUnlessItHasComeBackByItself() {
        MinuteRate rate = new MinuteRate(60, 0);
        rate.take(50, 0);
        rate.giveBack(20, 0, 10 * SECOND);
        assertThat(rate.standingAt(10 * SECOND).remaining()).isEqualTo(40);

        rate.take(10, 40 * SECOND);
        rate.giveBack(20, 0, 40 * SECOND);
        assertThat(rate.standingAt(40 * SECOND).remaining()).isEqualTo(50);
    }

    @Test
    void whatWasTakenLongAgoIsNotGivenBack() {
        MinuteRate rate = new MinuteRate(60, 0);
        rate.take(60, 0);
        rate.take(30, 30 * SECOND);
        rate.take(30, 60 * SECOND);

        rate.giveBack(30, 0, 60 * SECOND + 1);
        assertThat(rate.standingAt(60 * SECOND + 1).remaining()).isZero();
        rate.giveBack(30, 30 * SECOND, 60 * SECOND + 1);
        assertThat(rate.standingAt(60 * SECOND + 1).remaining()).isEqualTo(30);
    }

    @Test
    void nobodyOwesMoreThanAnHour() {
        MinuteRate rate = new MinuteRate(1, 0);
        for (int i = 0; i < 3; i++) {
            rate.charge(Long.MAX_VALUE, 0);
            assertThat(rate.standingAt(0).reset()).isEqualTo(Duration.ofMinutes(61));
        }

        rate.giveBack(Long.MAX_VALUE, 0, 0);
        assertThat(rate.standingAt(0).reset()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, MinuteRate.LARGEST + 1})
    void refusesARateThatMakesNoSense(int perMinute) {
        assertThatThrownBy(() -> new MinuteRate(perMinute, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
