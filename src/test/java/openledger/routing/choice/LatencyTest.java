package openledger.routing.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LatencyTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void anAnswerCountsHalfAsMuchAfterTenSeconds() {
        Latency latency = Latency.UNKNOWN.answered(0, 4 * SECOND).answered(10 * SECOND, SECOND);

        // (4 s / 2 + 1 s) / (1/2 + 1)
        assertThat(latency.nanos()).isCloseTo(2.0 * SECOND, within(1.0));
        assertThat(latency.evidence(10 * SECOND, 0)).isCloseTo(1.5, within(1e-9));
        assertThat(latency.evidence(20 * SECOND, 0)).isCloseTo(0.75, within(1e-9));
    }

    @Test
    void isForgottenMoreSlowlyWhileACallIsInFlight() {
        Latency latency = Latency.UNKNOWN.answered(0, SECOND);

        assertThat(latency.evidence(40 * SECOND, 1)).isCloseTo(0.5, within(1e-9));
        assertThat(latency.evidence(40 * SECOND, 0)).isCloseTo(1 / 16.0, within(1e-9));
    }

    @Test
    void manyAnswersCountAsThirtyTwoSoThatAChangeShows() {
        Latency latency = Latency.UNKNOWN;
        for (int i = 0; i < 1_000; i++) {
            latency = latency.answered(0, SECOND);
        }
        assertThat(latency.evidence(0, 0)).isCloseTo(32, within(1e-9));

        for (int i = 0; i < 100; i++) {
            latency = latency.answered(0, 9 * SECOND);
        }
        assertThat(latency.nanos()).isGreaterThan(8.0 * SECOND);
    }

    @Test
    void aClockReadALittleEarlierByAnotherThreadDoesNoHarm() {
        Latency latency = Latency.UNKNOWN.answered(SECOND, SECOND).answered(SECOND - 5, SECOND);

        assertThat(latency.asOf()).isEqualTo(SECOND);
        assertThat(latency.evidence(0, 0)).isCloseTo(2, within(1e-9));
        assertThat(Latency.UNKNOWN.evidence(SECOND, 0)).isZero();
    }
}
