package openledger.http.header;

import java.time.Duration;
import java.util.Optional;
import openledger.routing.Route;

/** The header with a client's own deadline: it shortens the deadline of its route and never lengthens it. */
public final class DeadlineHeader {
    public static final String NAME = "openledger-deadline-ms";
    public static final String RULE =
            "An openledger-deadline-ms must be a whole number from 1 to " + Route.LONGEST_DEADLINE.toMillis() + ".";
    private static final int MOST_DIGITS = 7;

    private DeadlineHeader() {}

    /** The time that {@code text} says; empty if it is none. */
    public static Optional<Duration> read(String text) {
        if (text.isEmpty()
                || text.length() > MOST_DIGITS
                || !text.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofMillis(Long.parseLong(text)))
                .filter(time -> time.toMillis() >= 1 && time.compareTo(Route.LONGEST_DEADLINE) <= 0);
    }
}
