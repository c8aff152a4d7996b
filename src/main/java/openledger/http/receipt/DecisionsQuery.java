package openledger.http.receipt;

import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import openledger.http.QueryValues.InvalidQuery;
import openledger.http.SequenceText;
import openledger.inference.record.Decisions.Cursor;
import openledger.inference.record.Decisions.Filter;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.RequestId;

/** The query string of {@code GET /v1/decisions}; an unknown parameter or value is refused by name. */
record DecisionsQuery(
        Optional<String> route,
        Optional<DecisionStatus> status,
        Optional<Trigger> trigger,
        long fromMillis,
        long toMillis,
        Optional<Cursor> after,
        int limit) {
    private static final Set<String> KNOWN = Set.of("route", "status", "trigger", "from", "to", "cursor", "limit");
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,18}");
    private static final int DEFAULT_LIMIT = 100;
    private static final int LARGEST_LIMIT = 1_000;

    static DecisionsQuery of(MultivaluedMap<String, String> parameters) throws InvalidQuery {
        for (String name : parameters.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new InvalidQuery(
                        name, "Unknown filter; the filters are route, status, trigger, from, to, cursor, limit.");
            }
            if (parameters.get(name).size() != 1) {
                throw new InvalidQuery(name, "The parameter is repeated.");
            }
        }
        return new DecisionsQuery(
                value(parameters, "route"),
                word(parameters, "status", DecisionStatus.class),
                word(parameters, "trigger", Trigger.class),
                time(parameters, "from", 0),
                time(parameters, "to", Long.MAX_VALUE),
                cursor(parameters),
                limit(parameters));
    }

    Filter filter(String tenant) {
        return new Filter(tenant, route, status, trigger, fromMillis, toMillis, after, limit);
    }

    /** The text form of a cursor. */
    static String cursorText(Cursor cursor) {
        return cursor.arrivalMillis() + "-" + cursor.id();
    }

    private static Optional<Cursor> cursor(MultivaluedMap<String, String> parameters) throws InvalidQuery {
        Optional<String> text = value(parameters, "cursor");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int dash = text.get().indexOf('-');
        Optional<RequestId> id =
                dash < 0 ? Optional.empty() : RequestId.parse(text.get().substring(dash + 1));
        if (id.isPresent() && MILLIS.matcher(text.get().substring(0, dash)).matches()) {
            return Optional.of(new Cursor(Long.parseLong(text.get().substring(0, dash)), id.get()));
        }
        throw new InvalidQuery("cursor", "A cursor must be the 'next_cursor' of the page before.");
    }

    private static int limit(MultivaluedMap<String, String> parameters) throws InvalidQuery {
        Optional<String> text = value(parameters, "limit");
        if (text.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        OptionalLong limit = SequenceText.parse(text.get());
        if (limit.isPresent() && limit.getAsLong() <= LARGEST_LIMIT) {
            return (int) limit.getAsLong();
        }
        throw new InvalidQuery("limit", "A limit must be a number from 1 to 1000.");
    }

    private static long time(MultivaluedMap<String, String> parameters, String name, long otherwise)
            throws InvalidQuery {
        Optional<String> text = value(parameters, name);
        try {
            return text.isEmpty() ? otherwise : Instant.parse(text.get()).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new InvalidQuery(name, "A time must be like 2026-01-31T12:00:00Z.");
        }
    }

    private static <E extends Enum<E>> Optional<E> word(
            MultivaluedMap<String, String> parameters, String name, Class<E> words) throws InvalidQuery {
        Optional<String> text = value(parameters, name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        for (E word : words.getEnumConstants()) {
            if (word.name().equals(text.get().toUpperCase(Locale.ROOT))) {
                return Optional.of(word);
            }
        }
        throw InvalidQuery.notOneOf(name, words.getEnumConstants());
    }

    private static Optional<String> value(MultivaluedMap<String, String> parameters, String name) {
        return Optional.ofNullable(parameters.getFirst(name)).filter(text -> !text.isEmpty());
    }
}
