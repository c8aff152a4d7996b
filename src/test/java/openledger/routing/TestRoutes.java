package openledger.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.unit.BasisPoints;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/** Routes for tests: {@code of(3, 1)} has three attempts in the best tier and one in the next, three targets each. */
public final class TestRoutes {
    public static final StormLimits GENEROUS =
            new StormLimits(new BasisPoints(10_000), 100_000, Duration.ofSeconds(10));
    public static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofMillis(800));

    public static final RetryGrid GRID = new RetryGrid(Duration.ofMillis(100), 4);
    public static final RouteModes FAST_ONLY = new RouteModes(Set.of(RoutingMode.FAST), RoutingMode.FAST, GRID);
    public static final RouteModes BOTH_MODES =
            new RouteModes(EnumSet.allOf(RoutingMode.class), RoutingMode.FAST, GRID);

    /** Bounds of calls that no test waits for. */
    public static final CallTimeouts TIMEOUTS = new CallTimeouts(
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Optional.empty(),
            Duration.ofMinutes(1),
            Duration.ofMinutes(9));

    private TestRoutes() {}

    /** The same as {@link #of(int...)}, for both modes. */
    public static Route both(int... attempts) {
        Route fast = of(attempts);
        return new Route(
                fast.id(),
                fast.name(),
                fast.tiers(),
                fast.operations(),
                fast.backoff(),
                fast.hedgeAfter(),
                fast.stormLimits(),
                BOTH_MODES);
    }

    public static Route of(int... attempts) {
        return of(Optional.empty(), GENEROUS, attempts);
    }

    public static Route of(Optional<Duration> hedgeAfter, StormLimits storm, int... attempts) {
        List<Tier> tiers = new ArrayList<>();
        for (int t = 0; t < attempts.length; t++) {
            List<Target> targets = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                targets.add(new Target(new TargetId(t * 3 + i), "p" + i, "model-" + t, 1, new SlotBounds(1, 8, 16)));
            }
            tiers.add(new Tier("tier-" + t, attempts[t], targets));
        }
        return new Route(
                new RouteId(7), "assistant", tiers, Set.of(Operation.CHAT), BACKOFF, hedgeAfter, storm, FAST_ONLY);
    }
}
