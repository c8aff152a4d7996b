package openledger.routing;

import java.time.Duration;
import java.util.Optional;

/**
 * Bounds of one call of a provider; each is 1 ms to 1 h. Any byte, be it of a comment or a blank line, ends a silence. A plain answer is
 * one document, which has no first token: only {@code connect} and {@code total} bound it.
 *
 * @param connect until the connection stands
 * @param firstToken longest silence of a stream before its first content
 * @param firstContent from the request until a stream's first content, whatever else comes before it; empty for no such bound
 * @param idle longest silence of a stream after it
 * @param total of the whole call
 */
public record CallTimeouts(
        Duration connect, Duration firstToken, Optional<Duration> firstContent, Duration idle, Duration total) {
    private static final Duration LONGEST = Duration.ofHours(1);

    public CallTimeouts {
        check("connect", connect);
        check("first-token", firstToken);
        firstContent.ifPresent(bound -> check("first-content", bound));
        check("idle", idle);
        check("total", total);
    }

    private static void check(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the " + name + " time-out must be 1 ms to 1 h: " + value);
        }
    }
}
