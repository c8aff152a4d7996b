package openledger.routing;

import java.time.Duration;

/**
 * Exponential back-off with full jitter between rounds over a tier's targets.
 *
 * @param base upper end of the first wait
 * @param cap upper end of every wait, at least {@code base}
 */
public record Backoff(Duration base, Duration cap) {
    public Backoff {
        if (base.isNegative() || base.compareTo(cap) > 0) {
            throw new IllegalArgumentException("back-off needs 0 <= base <= cap: " + base + ", " + cap);
        }
    }
}
