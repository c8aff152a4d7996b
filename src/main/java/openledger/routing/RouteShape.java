package openledger.routing;

import java.util.List;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/**
 * The part of a route that the allocator uses, and all that a replay needs of it.
 *
 * @param id version of the route
 * @param gridEpochs epochs from one point of its retry grid to the next, at least 1
 * @param tiers best first, 1 to 8
 */
public record RouteShape(RouteId id, int gridEpochs, List<TierShape> tiers) {
    public RouteShape {
        if (gridEpochs < 1 || tiers.isEmpty()) {
            throw new IllegalArgumentException("a route has a grid and tiers");
        }
        tiers = List.copyOf(tiers);
    }

    /**
     * A tier.
     *
     * @param attempts how many attempts a request may spend here, at least 1
     * @param targets in the order of the policy, at least one
     */
    public record TierShape(int attempts, List<TargetId> targets) {
        public TierShape {
            if (attempts < 1 || targets.isEmpty()) {
                throw new IllegalArgumentException("a tier has attempts and targets");
            }
            targets = List.copyOf(targets);
        }
    }

    /** The shape of a route. */
    public static RouteShape of(Route route) {
        return new RouteShape(
                route.id(),
                route.modes().grid().epochs(),
                route.tiers().stream()
                        .map(tier -> new TierShape(
                                tier.attempts(),
                                tier.targets().stream().map(Target::id).toList()))
                        .toList());
    }

    /** Attempts of all tiers together. */
    public int budget() {
        int sum = 0;
        for (TierShape tier : tiers) {
            sum += tier.attempts;
        }
        return sum;
    }

    /**
     * Attempts that a held request has spent by a snapshot: each point of its grid that it has passed is one.
     *
     * @param before those it had spent before it was held
     * @param arrival number of the snapshot where its grid begins
     */
    public long spentBy(long snapshot, int before, long arrival) {
        return before + (snapshot - arrival) / gridEpochs;
    }

    /**
     * The tier from which a request takes its next attempt.
     *
     * @param spent attempts it has spent, less than the budget
     */
    public int tierAfter(int spent) {
        int upTo = 0;
        for (int tier = 0; tier < tiers.size(); tier++) {
            upTo += tiers.get(tier).attempts;
            if (spent < upTo) {
                return tier;
            }
        }
        throw new IllegalArgumentException("the budget is spent: " + spent);
    }
}
