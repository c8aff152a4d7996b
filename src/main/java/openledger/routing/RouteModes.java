package openledger.routing;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The modes that a route allows.
 *
 * @param allowed not empty
 * @param byDefault of a request that names none, and whose key has no default; one of the allowed
 * @param grid when confirmed requests are attempted again
 */
public record RouteModes(Set<RoutingMode> allowed, RoutingMode byDefault, RetryGrid grid) {
    /** The longest plan that fits a leaf, so the largest budget of a route that allows {@link RoutingMode#CONFIRMED}. */
    public static final int LARGEST_CONFIRMED_BUDGET = 8;

    public RouteModes {
        if (allowed.isEmpty() || !allowed.contains(byDefault)) {
            throw new IllegalArgumentException(
                    "the default mode must be one of the allowed modes: " + byDefault.word());
        }
        allowed = Collections.unmodifiableSet(EnumSet.copyOf(allowed));
    }

    /** Whether a request may come in that mode. */
    public boolean allows(RoutingMode mode) {
        return allowed.contains(mode);
    }
}
