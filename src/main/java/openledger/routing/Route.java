package openledger.routing;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.unit.RouteId;

/**
 * What a client names as its model: tiers, best first, with one retry budget that is the same for every request.
 *
 * @param id number of this version of the route
 * @param name the name clients send
 * @param tiers best first, 1 to 8; their attempts add up to at most 64
 * @param operations the operations that it offers: those that all of its targets support, so that every attempt of the budget can be used;
 *     not empty
 * @param backoff waits between rounds over a tier's targets
 * @param hedgeAfter silence after which a second attempt starts beside the first; empty for no hedging
 * @param stormLimits bound on the retries all requests of the route make together
 * @param modes in which it may be asked; one that allows {@link RoutingMode#CONFIRMED} has a budget of at most 8
 * @param deadline of each request, from its arrival to the end of its answer, all attempts and waits included, 1 ms to 1 h; empty for
 *     the router's own bound alone
 * @param affinity whether the requests of a session go to the same target; none on a route that allows {@link RoutingMode#CONFIRMED}
 */
public record Route(
        RouteId id,
        String name,
        List<Tier> tiers,
        Set<Operation> operations,
        Backoff backoff,
        Optional<Duration> hedgeAfter,
        StormLimits stormLimits,
        RouteModes modes,
        Optional<Duration> deadline,
        Affinity affinity) {
    public static final int MOST_TIERS = 8;
    public static final int LARGEST_BUDGET = 64;
    public static final Duration LONGEST_DEADLINE = Duration.ofHours(1);

    public Route {
        if (tiers.isEmpty() || tiers.size() > MOST_TIERS) {
            throw new IllegalArgumentException("a route must have 1..8 tiers: " + tiers.size());
        }
        if (operations.isEmpty()) {
            throw new IllegalArgumentException("the targets of a route must have at least one operation in common");
        }
        deadline.ifPresent(Route::checkDeadline);
        affinity = affinity.on(modes);
        operations = Collections.unmodifiableSet(EnumSet.copyOf(operations));
        tiers = List.copyOf(tiers);
        int sum = tiers.stream().mapToInt(Tier::attempts).sum();
        if (sum > LARGEST_BUDGET) {
            throw new IllegalArgumentException("the attempts of a route must add up to at most 64: " + sum);
        }
        if (modes.allows(RoutingMode.CONFIRMED) && sum > RouteModes.LARGEST_CONFIRMED_BUDGET) {
            throw new IllegalArgumentException(
                    "the attempts of a route that allows confirmed mode must add up to at most 8, the longest plan of a"
                            + " leaf: " + sum);
        }
    }

    /** One where a session's requests are like others. */
    public Route(
            RouteId id,
            String name,
            List<Tier> tiers,
            Set<Operation> operations,
            Backoff backoff,
            Optional<Duration> hedgeAfter,
            StormLimits stormLimits,
            RouteModes modes,
            Optional<Duration> deadline) {
        this(id, name, tiers, operations, backoff, hedgeAfter, stormLimits, modes, deadline, Affinity.NONE);
    }

    /** One without a deadline of its own. */
    public Route(
            RouteId id,
            String name,
            List<Tier> tiers,
            Set<Operation> operations,
            Backoff backoff,
            Optional<Duration> hedgeAfter,
            StormLimits stormLimits,
            RouteModes modes) {
        this(id, name, tiers, operations, backoff, hedgeAfter, stormLimits, modes, Optional.empty());
    }

    private static void checkDeadline(Duration deadline) {
        if (deadline.toMillis() < 1 || deadline.compareTo(LONGEST_DEADLINE) > 0) {
            throw new IllegalArgumentException("a deadline must be 1 ms to 1 h: " + deadline);
        }
    }

    /** The retry budget: attempts of all tiers together. */
    public int budget() {
        return upTo(tiers.size() - 1);
    }

    /** Attempts up to and including {@code tier} (0 is the best). */
    public int upTo(int tier) {
        int sum = 0;
        for (int i = 0; i <= tier; i++) {
            sum += tiers.get(i).attempts();
        }
        return sum;
    }
}
