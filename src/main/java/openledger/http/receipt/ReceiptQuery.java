package openledger.http.receipt;

import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.http.QueryValues;
import openledger.http.QueryValues.InvalidQuery;
import openledger.unit.ShortDuration;

/**
 * The query string of {@code GET /v1/receipts/{id}}.
 *
 * @param level what to wait for; empty to answer at once
 * @param longest how long at most
 */
record ReceiptQuery(Optional<ConfirmationLevel> level, Duration longest) {
    private static final String WAIT = "wait";
    private static final String TIMEOUT = "timeout";
    private static final Duration DEFAULT = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    static ReceiptQuery of(MultivaluedMap<String, String> parameters) throws InvalidQuery {
        QueryValues values = QueryValues.of(parameters, List.of(WAIT, TIMEOUT));
        Optional<ConfirmationLevel> level = level(values.get(WAIT));
        if (level.isEmpty() && values.get(TIMEOUT).isPresent()) {
            throw new InvalidQuery(TIMEOUT, "A timeout needs the parameter 'wait'.");
        }
        return new ReceiptQuery(level, longest(values.get(TIMEOUT)));
    }

    private static Optional<ConfirmationLevel> level(Optional<String> text) throws InvalidQuery {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String word = text.get().toUpperCase(Locale.ROOT);
        Optional<ConfirmationLevel> level = Arrays.stream(ConfirmationLevel.values())
                .filter(known -> known.name().equals(word))
                .findFirst();
        if (level.isEmpty()) {
            throw InvalidQuery.notOneOf(WAIT, ConfirmationLevel.values());
        }
        return level;
    }

    private static Duration longest(Optional<String> text) throws InvalidQuery {
        if (text.isEmpty()) {
            return DEFAULT;
        }
        return ShortDuration.parse(text.get())
                .filter(length -> length.compareTo(LONGEST) <= 0)
                .orElseThrow(() -> new InvalidQuery(TIMEOUT, "A timeout must be like 500ms or 5s, and at most 60s."));
    }
}
