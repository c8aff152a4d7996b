package openledger.inference.retry;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import openledger.budget.StormGuard;
import openledger.fairness.Attribution.BestTierView;
import openledger.fairness.LaterTurns;
import openledger.fairness.Overtakes;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.ProviderGateway;
import openledger.routing.Route;
import openledger.routing.choice.TargetLoad;

/**
 * What the requests of one route share: order of arrival of the fast ones, turns of the confirmed ones, the storm guard, the live
 * view. Safe for several threads.
 */
public final class RouteTraffic {
    public final String routeName;
    final Overtakes overtakes = new Overtakes();
    public final LaterTurns turns = new LaterTurns();
    public final StormGuard stormGuard;
    private final List<List<TargetLoad>> loads;

    /**
     * What they share before any has come.
     *
     * @param routers how many there are that serve the route
     */
    public RouteTraffic(Route route, ProviderGateway gateway, IntSupplier routers) {
        this.routeName = route.name();
        this.stormGuard = new StormGuard(route.stormLimits(), routers);
        this.loads = route.tiers().stream()
                .map(tier -> tier.targets().stream().map(gateway::load).toList())
                .toList();
    }

    /** The live view of a tier, in the order of its targets. */
    List<TargetLoad> loads(int tier) {
        return loads.get(tier);
    }

    /** How long every target that a request could be put to will be closed; empty if one is open, or if nobody knows. */
    public Optional<Duration> opensIn(ClosedTargets closed) {
        long soonest = Long.MAX_VALUE;
        for (int tier = 0; tier < loads.size(); tier++) {
            for (TargetLoad load : closed.among(tier, loads.get(tier))) {
                soonest = Math.min(soonest, load.opensInNanos());
            }
        }
        return soonest == 0 || soonest == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(soonest));
    }

    /** What the view shows of the best tier. */
    public BestTierView bestTier() {
        return loads.getFirst().stream().anyMatch(TargetLoad::hasFreeSlot)
                ? BestTierView.SHOWED_ROOM
                : BestTierView.SHOWED_NONE;
    }

    /** Calls in flight to the best tier of those that may be, closed targets counted as full; 0 to 100. */
    public int utilisationPercent() {
        long used = 0;
        long slots = 0;
        for (TargetLoad load : loads.get(0)) {
            int limit = load.limit();
            slots += limit;
            used += load.isOpen() ? Math.min(limit, load.inFlight()) : limit;
        }
        return slots == 0 ? 100 : (int) (used * 100 / slots);
    }
}
