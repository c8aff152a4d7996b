package openledger.provider.error;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** How long a provider asks the router to wait: {@code retry-after-ms}, or RFC 9110's {@code Retry-After}. */
public final class RetryAfter {
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** Beyond that it makes no difference. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private RetryAfter() {}

    /**
     * The wait asked for; empty if none was or it cannot be read.
     *
     * @param nowMillis Unix ms, for the form that names a date
     */
    public static Optional<Duration> of(MultiMap headers, long nowMillis) {
        String millis = headers.get("retry-after-ms");
        Optional<Duration> exact = millis == null ? Optional.empty() : number(millis, MILLI);
        String text = headers.get("retry-after");
        if (exact.isPresent() || text == null) {
            return exact;
        }
        Optional<Duration> seconds = number(text, SECOND);
        return seconds.isPresent() ? seconds : date(text, nowMillis);
    }

    /** A number of units, to the nanosecond; beyond the longest it is that. */
    private static Optional<Duration> number(String text, Duration unit) {
        try {
            double nanos = Double.parseDouble(text.strip()) * unit.toNanos();
            double longest = LONGEST.toNanos();
            return nanos >= 0 && Double.isFinite(nanos)
                    ? Optional.of(Duration.ofNanos((long) Math.min(nanos, longest)))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> date(String text, long nowMillis) {
        try {
            ZonedDateTime at = ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(Duration.ofMillis(Math.max(0, at.toInstant().toEpochMilli() - nowMillis)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
