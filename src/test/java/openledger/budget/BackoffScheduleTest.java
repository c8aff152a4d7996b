package openledger.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import openledger.routing.Backoff;
import org.junit.jupiter.api.Test;

final class BackoffScheduleTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofMillis(500));

    @Test
    void doesNotWaitWhileTargetsAreUntried() {
        assertThat(BackoffSchedule.delay(BACKOFF, 0, 0.9)).isZero();
    }

    @Test
    void doublesUpToTheCap() {
        assertThat(BackoffSchedule.delay(BACKOFF, 1, 0.5)).isEqualTo(Duration.ofMillis(50));
        assertThat(BackoffSchedule.delay(BACKOFF, 2, 0.5)).isEqualTo(Duration.ofMillis(100));
        assertThat(BackoffSchedule.delay(BACKOFF, 3, 0.5)).isEqualTo(Duration.ofMillis(200));
        assertThat(BackoffSchedule.delay(BACKOFF, 4, 0.5)).isEqualTo(Duration.ofMillis(250));
        assertThat(BackoffSchedule.delay(BACKOFF, 64, 0.5)).isEqualTo(Duration.ofMillis(250));
    }
}
