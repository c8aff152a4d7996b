package openledger.lab.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.routing.Backoff;
import openledger.routing.Operation;
import openledger.routing.RetryGrid;
import openledger.routing.Route;
import openledger.routing.RouteModes;
import openledger.routing.RoutingMode;
import openledger.routing.SlotBounds;
import openledger.routing.StormLimits;
import openledger.routing.Target;
import openledger.routing.Tier;
import openledger.unit.BasisPoints;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/**
 * Providers of a best tier whose slots are scarce at times, one of the next tier that always has room, and the route over them.
 *
 * @param congestion how it comes and goes
 * @param slots of each provider of the best tier while nothing is wrong
 * @param service how long a best-tier call takes, ms
 * @param attempts for the best tier; the tier below has one more
 * @param backoff waits of fast mode
 */
public record Market(CongestionParameters congestion, int slots, LogNormal service, int attempts, Backoff backoff) {
    /** Providers of the best tier; their targets have the ids from 0 on, the one below follows. */
    public static final int PROVIDERS = 3;

    public static final int BEST_ATTEMPTS = 3;
    /** What a refused call costs, ms. */
    public static final double ROUND_TRIP_MILLIS = 40;

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(120), Duration.ofMillis(720));

    public static final RetryGrid GRID = new RetryGrid(Duration.ofMillis(100), 4);
    /** The world of the experiments. */
    public static final Market REFERENCE = new Market(CongestionParameters.REFERENCE, 48, new LogNormal(1_200, 0.5));
    /** A third of its slots, and nothing ever changes: scarcity alone. */
    public static final Market SCARCE =
            new Market(new CongestionParameters(1e12, 1, 1, 1e12, 1, 1, 0.01, 18, 0.97), 16, new LogNormal(1_200, 0.5));

    /** How long a call of the tier below takes, ms. */
    public static final LogNormal LOWER_SERVICE = new LogNormal(700, 0.5);

    private static final StormLimits NO_GUARD =
            new StormLimits(new BasisPoints(BasisPoints.WHOLE), 0, Duration.ofSeconds(10));

    Market(CongestionParameters congestion, int slots, LogNormal service) {
        this(congestion, slots, service, BEST_ATTEMPTS, BACKOFF);
    }

    /** The same with so many attempts for the best tier. */
    public Market attempts(int other) {
        return new Market(congestion, slots, service, other, backoff);
    }

    /** The same with waits so many times as long. */
    Market slower(double factor) {
        Backoff other =
                new Backoff(Duration.ofMillis((long) (backoff.base().toMillis() * factor)), Duration.ofMillis((long)
                        (backoff.cap().toMillis() * factor)));
        return new Market(congestion, slots, service, attempts, other);
    }

    /** The same under other congestion. */
    Market under(CongestionParameters other) {
        return new Market(other, slots, service, attempts, backoff);
    }

    /** The same with answers of other lengths. */
    Market serving(LogNormal other) {
        return new Market(congestion, slots, other, attempts, backoff);
    }

    /** Its route. */
    public Route route() {
        return route(NO_GUARD);
    }

    /** Its route, with such a storm guard. */
    public Route route(StormLimits guard) {
        List<Target> best = new ArrayList<>();
        for (int i = 0; i < PROVIDERS; i++) {
            best.add(target(i));
        }
        return new Route(
                new RouteId(1),
                "assistant",
                List.of(new Tier("best", attempts, best), new Tier("next", 1, List.of(target(PROVIDERS)))),
                Set.of(Operation.CHAT),
                backoff,
                Optional.empty(),
                guard,
                new RouteModes(EnumSet.allOf(RoutingMode.class), RoutingMode.FAST, GRID));
    }

    private Target target(int id) {
        return new Target(new TargetId(id), "p" + id, "m", 1, new SlotBounds(1, slots, slots));
    }

    /** Slots a provider has for us at a time, at least 1. */
    public double capacity(CongestionWorld world, int provider, double millis) {
        return capacity(world.share(provider, millis));
    }

    /** Slots a provider has for us while such a share of them is left, at least 1. */
    public double capacity(double share) {
        return Math.max(1, slots * share);
    }
}
