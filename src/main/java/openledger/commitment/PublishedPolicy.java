package openledger.commitment;

import java.util.List;
import openledger.unit.RouteId;

/**
 * A policy as a lane has published it on chain: the rules of routes, in words, and the numbers that leaves name them by. Immutable.
 *
 * @param budgets of each of its routes, by number; in the order of the text since that order was settled, and by number before
 * @param routes as the text has them
 */
public record PublishedPolicy(List<Budget> budgets, List<Route> routes) {
    public PublishedPolicy {
        budgets = List.copyOf(budgets);
        routes = List.copyOf(routes);
    }

    /** Cumulative attempts of each tier of a route, best first. */
    public record Budget(RouteId route, List<Integer> upTo) {
        public Budget {
            upTo = List.copyOf(upTo);
        }
    }

    /** A route's name and tiers, best first. */
    public record Route(String name, List<Tier> tiers) {
        public Route {
            tiers = List.copyOf(tiers);
        }

        public List<Integer> upTo() {
            return tiers.stream().map(Tier::upTo).toList();
        }
    }

    /**
     * A tier.
     *
     * @param upTo attempts up to and including it
     * @param targets {@code provider/model} each
     */
    public record Tier(String name, int upTo, List<String> targets) {
        public Tier {
            targets = List.copyOf(targets);
        }
    }

    public boolean hasRoute(RouteId route) {
        return budgets.stream().anyMatch(budget -> budget.route.equals(route));
    }
}
