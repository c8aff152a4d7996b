package openledger.http.header;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import openledger.budget.MinuteRate;

/** The {@code x-ratelimit-*} headers, as OpenAI's API has them. */
public final class RateHeaders {
    private static final CharSequence LIMIT = HttpHeaders.createOptimized("x-ratelimit-limit-requests");
    private static final CharSequence REMAINING = HttpHeaders.createOptimized("x-ratelimit-remaining-requests");
    private static final CharSequence RESET = HttpHeaders.createOptimized("x-ratelimit-reset-requests");
    private static final long MILLIS_A_SECOND = 1_000;
    private static final long MILLIS_A_MINUTE = 60_000;

    private static final CharSequence LIMIT_TOKENS = HttpHeaders.createOptimized("x-ratelimit-limit-tokens");
    private static final CharSequence REMAINING_TOKENS = HttpHeaders.createOptimized("x-ratelimit-remaining-tokens");
    private static final CharSequence RESET_TOKENS = HttpHeaders.createOptimized("x-ratelimit-reset-tokens");

    private RateHeaders() {}

    /** How a key's tokens stand. */
    public static void setTokens(MultiMap headers, MinuteRate.Standing standing) {
        headers.set(LIMIT_TOKENS, Integer.toString(standing.limit()))
                .set(REMAINING_TOKENS, Integer.toString(standing.remaining()))
                .set(RESET_TOKENS, text(standing.reset()));
    }

    /** How a key's requests stand. */
    public static void set(MultiMap headers, MinuteRate.Standing standing) {
        headers.set(LIMIT, Integer.toString(standing.limit()))
                .set(REMAINING, Integer.toString(standing.remaining()))
                .set(RESET, text(standing.reset()));
    }

    /** A duration in OpenAI's form: {@code 20ms}, {@code 6s}, {@code 8.64s}, {@code 1m0s}; rounded up to milliseconds. */
    static String text(Duration duration) {
        long millis = duration.plusNanos(999_999).toMillis();
        if (millis > 0 && millis < MILLIS_A_SECOND) {
            return millis + "ms";
        }
        String minutes = millis < MILLIS_A_MINUTE ? "" : millis / MILLIS_A_MINUTE + "m";
        return minutes + seconds(millis % MILLIS_A_MINUTE) + "s";
    }

    private static String seconds(long millis) {
        String fraction =
                Long.toString(MILLIS_A_SECOND + millis % MILLIS_A_SECOND).substring(1);
        String digits = fraction.replaceFirst("0+$", "");
        return millis / MILLIS_A_SECOND + (digits.isEmpty() ? "" : "." + digits);
    }
}
