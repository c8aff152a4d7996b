package openledger.provider.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.cluster.slot.AimdLimit;
import openledger.inference.TurnedClock;
import openledger.inference.upstream.LimitKind;
import openledger.inference.upstream.LimitStanding;
import openledger.provider.error.LimitHeaders;
import openledger.routing.SlotBounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers say of their own limits: read, shown, and heeded when nothing is left. */
final class TargetLimitsTest {
    private static final long NOW = Instant.parse("2026-01-02T03:04:05Z").toEpochMilli();
    private static final Duration LONGEST_CLOSURE = Duration.ofMinutes(1);

    private final TurnedClock clock = new TurnedClock();
    private final TargetState state = new TargetState(
            new SlotBounds(1, 4, 8),
            new Circuit(new CircuitSettings(4, 0.5, Duration.ofSeconds(1), LONGEST_CLOSURE), clock::nanoTime),
            LONGEST_CLOSURE,
            clock::nanoTime);

    @ParameterizedTest
    @CsvSource({
        "1s, 1000",
        "6m0s, 360000",
        "20ms, 20",
        "7.66s, 7660",
        "2m59.56s, 179560",
        "1h2m3s, 3723000",
        "1d, 86400000",
        "60, 60000",
        "0.5, 500",
        "2026-01-02T03:04:15Z, 10000",
        "2026-01-02T03:04:15.500+00:00, 10500",
        "2026-01-02T03:00:00Z, 0",
        "1767323055, 10000",
        "1767323055000, 10000",
    })
    void readsTimesOfAllForms(String text, long millis) {
        for (String name : new String[] {"x-ratelimit-reset-requests", "anthropic-ratelimit-requests-reset"}) {
            MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(name, text);

            assertThat(LimitHeaders.reset(headers, LimitKind.REQUESTS, NOW)).contains(Duration.ofMillis(millis));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "soon", "1x", "s", "-1s", "1s2", "1e9", "NaN", "2026-99-99T00:00:00Z", "99999999999999999999"
            })
    void makesNothingOfAnythingElse(String text) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("x-ratelimit-remaining-tokens", text)
                .add("x-ratelimit-reset-tokens", text);

        assertThat(LimitHeaders.reset(headers, LimitKind.TOKENS, NOW)).isEmpty();
        assertThat(LimitHeaders.remaining(headers, LimitKind.TOKENS)).isEmpty();
    }

    @Test
    void saysForHowLongItIsClosed() {
        assertThat(state.opensInNanos()).isZero();

        state.readLimits(headers("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "8s"), NOW);
        clock.advance(Duration.ofSeconds(3));
        assertThat(state.opensInNanos()).isEqualTo(Duration.ofSeconds(5).toNanos());

        state.closeForAccount();
        assertThat(state.opensInNanos()).isEqualTo(LONGEST_CLOSURE.toNanos());
        clock.advance(LONGEST_CLOSURE.plusSeconds(1));
        assertThat(state.opensInNanos()).isZero();
    }

    @Test
    void othersAreToldWhatTheProviderAsksForAndNotWhatTheyHaveTold() {
        List<Duration> told = new ArrayList<>();
        TargetState one = new TargetState(
                new AimdLimit(new SlotBounds(1, 4, 8)),
                new Circuit(new CircuitSettings(4, 0.5, Duration.ofSeconds(1), LONGEST_CLOSURE), clock::nanoTime),
                LONGEST_CLOSURE,
                clock::nanoTime,
                told::add);

        one.heardClosed(Duration.ofSeconds(3));
        assertThat(one.isOpen()).isFalse();
        assertThat(told).isEmpty();
        one.askedToWait(Optional.of(Duration.ofSeconds(5)));
        one.readLimits(headers("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "8s"), NOW);
        assertThat(told).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(8));
        clock.advance(Duration.ofSeconds(9));
        assertThat(one.isOpen()).isTrue();
    }

    @Test
    void aTargetIsClosedWhileNothingIsLeft() {
        state.readLimits(headers("x-ratelimit-remaining-requests", "59", "x-ratelimit-reset-requests", "1s"), NOW);
        assertThat(state.isOpen()).isTrue();

        state.readLimits(
                headers(
                        "x-ratelimit-remaining-requests",
                        "59",
                        "x-ratelimit-remaining-tokens",
                        "0",
                        "x-ratelimit-reset-tokens",
                        "20s"),
                NOW);

        assertThat(state.isOpen()).isFalse();
        assertThat(state.limits().standings())
                .isEqualTo(Map.of(
                        LimitKind.REQUESTS, new LimitStanding(59, Duration.ZERO),
                        LimitKind.TOKENS, new LimitStanding(0, Duration.ofSeconds(20))));
        clock.advance(Duration.ofMillis(19_999));
        assertThat(state.isOpen()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(state.isOpen()).isTrue();
    }

    @Test
    void noLongerThanAnythingClosesIt() {
        state.readLimits(
                headers(
                        "anthropic-ratelimit-output-tokens-remaining", "0",
                        "anthropic-ratelimit-output-tokens-reset", "2027-01-02T03:04:05Z"),
                NOW);

        assertThat(state.isOpen()).isFalse();
        clock.advance(LONGEST_CLOSURE);
        assertThat(state.isOpen()).isTrue();
    }

    @Test
    void nothingLeftWithoutAnEndClosesNothing() {
        state.readLimits(headers("x-ratelimit-remaining-requests", "0"), NOW);

        assertThat(state.isOpen()).isTrue();
    }

    private static MultiMap headers(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }
}
