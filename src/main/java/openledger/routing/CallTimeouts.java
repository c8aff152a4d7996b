package openledger.routing;

import java.time.Duration;

/**
 * Bounds of one call of a provider; each is 1 ms to 1 h.
 *
 * @param connect until the connection stands
 * @param firstToken from then until the first content of the answer
 * @param idle longest silence after it
 * @param total of the whole call
 */
public record CallTimeouts(Duration connect, Duration firstToken, Duration idle, Duration total) {
    private static final Duration LONGEST = Duration.ofHours(1);

    public CallTimeouts {
        check("connect", connect);
        check("first-token", firstToken);
        check("idle", idle);
        check("total", total);
    }

    private static void check(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the " + name + " time-out is 1 ms to 1 h: " + value);
        }
    }
}
