package openledger.provider.error;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.inference.upstream.LimitKind;
import org.jspecify.annotations.Nullable;

/**
 * The headers in which providers report what is left of their limits: OpenAI's {@code x-ratelimit-remaining-*} and {@code -reset-*}, with a
 * duration such as {@code 6m0s}, and Anthropic's {@code anthropic-ratelimit-*-remaining} and {@code -reset}, with a time (RFC 3339).
 */
public final class LimitHeaders {
    private static final Map<LimitKind, Names> NAMES = new EnumMap<>(Map.of(
            LimitKind.REQUESTS, Names.of("requests"),
            LimitKind.TOKENS, Names.of("tokens"),
            LimitKind.INPUT_TOKENS, Names.of("input-tokens"),
            LimitKind.OUTPUT_TOKENS, Names.of("output-tokens")));
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|us|ns|d|h|m|s)");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}(?:\\.[0-9]{1,9})?");
    private static final Map<String, Long> UNITS = Map.of(
            "d", Duration.ofDays(1).toNanos(),
            "h", Duration.ofHours(1).toNanos(),
            "m", Duration.ofMinutes(1).toNanos(),
            "s", Duration.ofSeconds(1).toNanos(),
            "ms", Duration.ofMillis(1).toNanos(),
            "us", 1_000L,
            "ns", 1L);
    /** Beyond that it makes no difference. */
    private static final Duration LONGEST = Duration.ofDays(366);
    /** A larger number of seconds is a time of day: Unix seconds, or milliseconds. */
    private static final double LARGEST_WAIT = 1e9;

    private static final double MILLIS = 1e12;
    private static final int LONGEST_TEXT = 64;

    private LimitHeaders() {}

    /** What is left, if the head says it. */
    public static OptionalLong remaining(MultiMap headers, LimitKind kind) {
        String text = first(headers, names(kind).remaining);
        if (text == null || !NUMBER.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of((long) Double.parseDouble(text));
    }

    /**
     * Until when that holds, if the head says it.
     *
     * @param nowMillis Unix ms, for the forms that name a time
     */
    public static Optional<Duration> reset(MultiMap headers, LimitKind kind, long nowMillis) {
        String text = first(headers, names(kind).reset);
        if (text == null) {
            return Optional.empty();
        }
        Optional<Duration> found = NUMBER.matcher(text).matches()
                ? Optional.of(number(Double.parseDouble(text), nowMillis))
                : duration(text).or(() -> time(text, nowMillis));
        return found.map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
    }

    private static Names names(LimitKind kind) {
        return Objects.requireNonNull(NAMES.get(kind));
    }

    private static @Nullable String first(MultiMap headers, List<CharSequence> names) {
        for (CharSequence name : names) {
            String said = headers.get(name);
            if (said != null) {
                return said.length() > LONGEST_TEXT ? null : said.strip();
            }
        }
        return null;
    }

    /** The headers of one limit, made once: they are looked for in each answer. */
    private record Names(List<CharSequence> remaining, List<CharSequence> reset) {
        static Names of(String word) {
            return new Names(named(word, "remaining"), named(word, "reset"));
        }

        private static List<CharSequence> named(String word, String what) {
            return List.of(
                    HttpHeaders.createOptimized("x-ratelimit-" + what + "-" + word),
                    HttpHeaders.createOptimized("anthropic-ratelimit-" + word + "-" + what));
        }
    }

    private static Duration number(double value, long nowMillis) {
        if (value < LARGEST_WAIT) {
            return Duration.ofNanos((long) (value * UNITS.getOrDefault("s", 1L)));
        }
        double millis = value < MILLIS ? value * 1e3 : value;
        return Duration.ofMillis(Math.max(0, (long) millis - nowMillis));
    }

    private static Optional<Duration> duration(String text) {
        Matcher part = PART.matcher(text);
        double nanos = 0;
        int at = 0;
        while (part.find() && part.start() == at) {
            nanos += Double.parseDouble(part.group(1)) * UNITS.getOrDefault(part.group(2), 0L);
            at = part.end();
        }
        return at == text.length() && at > 0
                ? Optional.of(Duration.ofNanos((long) Math.min(nanos, (double) LONGEST.toNanos())))
                : Optional.empty();
    }

    private static Optional<Duration> time(String text, long nowMillis) {
        try {
            Instant then = OffsetDateTime.parse(text).toInstant();
            return Optional.of(Duration.ofMillis(Math.max(0, then.toEpochMilli() - nowMillis)));
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
