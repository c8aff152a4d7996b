package openledger.routing;

import java.util.List;

/**
 * A quality class of a route.
 *
 * @param name as clients see it
 * @param attempts how many attempts a request may spend here, 1 to 32
 * @param targets equals of this class, 1 to 64
 */
public record Tier(String name, int attempts, List<Target> targets) {
    public static final int MOST_ATTEMPTS = 32;
    public static final int MOST_TARGETS = 64;

    public Tier {
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("the attempts of a tier must be 1..32: " + attempts);
        }
        if (targets.isEmpty() || targets.size() > MOST_TARGETS) {
            throw new IllegalArgumentException("a tier must have 1..64 targets: " + targets.size());
        }
        targets = List.copyOf(targets);
    }
}
