package openledger.lab;

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
 */
record Market(CongestionParameters congestion, int slots, LogNormal service) {
    /** Providers of the best tier; their targets have the ids from 0 on, the one below follows. */
    static final int PROVIDERS = 3;

    static final int BEST_ATTEMPTS = 3;
    /** What a refused call costs, ms. */
    static final double ROUND_TRIP_MILLIS = 40;

    static final RetryGrid GRID = new RetryGrid(Duration.ofMillis(100), 4);
    /** The world of the experiments. */
    static final Market REFERENCE = new Market(CongestionParameters.REFERENCE, 48, new LogNormal(1_200, 0.5));
    /** A third of its slots, and nothing ever changes: scarcity alone. */
    static final Market SCARCE =
            new Market(new CongestionParameters(1e12, 1, 1, 1e12, 1, 1, 0.01, 18, 0.97), 16, new LogNormal(1_200, 0.5));

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(120), Duration.ofMillis(720));

    /** Its route: three attempts for the best tier, one below. */
    Route route() {
        List<Target> best = new ArrayList<>();
        for (int i = 0; i < PROVIDERS; i++) {
            best.add(target(i));
        }
        return new Route(
                new RouteId(1),
                "assistant",
                List.of(new Tier("best", BEST_ATTEMPTS, best), new Tier("next", 1, List.of(target(PROVIDERS)))),
                Set.of(Operation.CHAT),
                BACKOFF,
                Optional.empty(),
                new StormLimits(new BasisPoints(BasisPoints.WHOLE), 0, Duration.ofSeconds(10)),
                new RouteModes(EnumSet.allOf(RoutingMode.class), RoutingMode.FAST, GRID));
    }

    private Target target(int id) {
        return new Target(new TargetId(id), "p" + id, "m", 1, new SlotBounds(1, slots, slots));
    }

    /** Slots a provider has for us at a time, at least 1. */
    double capacity(CongestionWorld world, int provider, double millis) {
        return Math.max(1, slots * world.share(provider, millis));
    }
}
