package openledger.unit;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 10m}, {@code 24h}, {@code 90d}, or {@code 0}. */
public final class ShortDuration {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    /** Decimal places. */
    private static final int NANOS_OF_A_MILLI = 6;

    private ShortDuration() {}

    /** The same for a sentence: {@code 2 h}, {@code 1 min 30 s}, {@code -10.5 ms}. */
    public static String words(Duration length) {
        Duration left = length.abs();
        List<String> words = new ArrayList<>();
        part(words, BigDecimal.valueOf(left.toDaysPart()), "d");
        part(words, BigDecimal.valueOf(left.toHoursPart()), "h");
        part(words, BigDecimal.valueOf(left.toMinutesPart()), "min");
        part(words, BigDecimal.valueOf(left.toSecondsPart()), "s");
        part(words, BigDecimal.valueOf(left.toNanosPart(), NANOS_OF_A_MILLI), "ms");
        return (length.isNegative() ? "-" : "") + (words.isEmpty() ? "0 s" : String.join(" ", words));
    }

    private static void part(List<String> words, BigDecimal number, String unit) {
        if (number.signum() != 0) {
            words.add(number.stripTrailingZeros().toPlainString() + " " + unit);
        }
    }

    /** Reads one; empty for anything else. */
    public static Optional<Duration> parse(String text) {
        if ("0".equals(text)) {
            return Optional.of(Duration.ZERO);
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(form.group(1));
        return Optional.of(
                switch (form.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                });
    }
}
