package openledger.provider.target;

import java.time.Duration;

/**
 * When a target's circuit opens.
 *
 * @param requestVolume calls looked back at, at least 1
 * @param failureRatio share of them that failed, over 0 to 1
 * @param delay until it is tried again
 * @param longestClosure how long a provider's {@code Retry-After} closes a target at most, over 0
 */
public record CircuitSettings(int requestVolume, double failureRatio, Duration delay, Duration longestClosure) {
    private static final Duration LONGEST = Duration.ofHours(1);

    public CircuitSettings {
        if (requestVolume < 1 || failureRatio <= 0 || failureRatio > 1 || delay.isNegative() || delay.isZero()) {
            throw new IllegalArgumentException("a circuit needs a volume of 1 or more, a share of 1..100 %, a delay");
        }
        if (longestClosure.toMillis() < 1 || longestClosure.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("max-retry-after must be 1 ms to 1 h: " + longestClosure);
        }
    }
}
