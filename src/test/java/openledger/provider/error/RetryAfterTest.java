package openledger.provider.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryAfterTest {
    private static final long NOW = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();

    @ParameterizedTest
    @CsvSource({"2, 2000", "0, 0", "1.5, 1500", "' 7 ', 7000", "99999999, 3600000"})
    void readsSeconds(String text, long millis) {
        assertThat(RetryAfter.of(header("retry-after", text), NOW)).contains(Duration.ofMillis(millis));
    }

    @Test
    void readsADate() {
        MultiMap headers = header("retry-after", "Sat, 31 Jan 2026 12:00:30 GMT");

        assertThat(RetryAfter.of(headers, NOW)).contains(Duration.ofSeconds(30));
    }

    @Test
    void prefersTheExactForm() {
        MultiMap headers = header("retry-after", "2").set("retry-after-ms", "1234");

        assertThat(RetryAfter.of(headers, NOW)).contains(Duration.ofMillis(1_234));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "NaN", "Infinity", "1e400", "2026-01-31"})
    void makesNothingOfNonsense(String text) {
        assertThat(RetryAfter.of(header("retry-after", text), NOW)).isEmpty();
    }

    @Test
    void neverFailsAndNeverGivesATimeBeforeNow() {
        String alphabet = "0123456789.-+eE NaInfiytxXpP:,GMTSatJan\u0660\u0000\u00e9";
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "" : "Sat, 31 Jan 2026 12:00:30 GMT");
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.insert(random.nextInt(text.length() + 1), alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String name = random.nextBoolean() ? "retry-after" : "retry-after-ms";

            assertThat(RetryAfter.of(header(name, text.toString()), NOW).orElse(Duration.ZERO))
                    .as("seed %d", seed)
                    .isGreaterThanOrEqualTo(Duration.ZERO);
        }
    }

    private static MultiMap header(String name, String value) {
        return MultiMap.caseInsensitiveMultiMap().set(name, value);
    }
}
