package openledger.cli.whatif;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import openledger.routing.Affinity;
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
import openledger.verifier.TerminalText;

/** Reads a route from the canonical text of a policy ({@link openledger.routing.CanonicalPolicy}), for a replay of its rules. */
public final class PublishedRoute {
    /** Of a route that was never asked in confirmed mode, whose policy names none. */
    private static final RetryGrid USUAL_GRID = new RetryGrid(Duration.ofMillis(100), 4);

    private static final int MOST_SHOWN = 10;
    private static final int LONGEST_SHOWN = 40;
    /** More than any duration that a route may have. */
    private static final long LONGEST_MILLIS = 86_400_000L;

    private PublishedRoute() {}

    /**
     * The route of that name.
     *
     * @throws IllegalArgumentException if there is none or it cannot be read
     */
    public static Route of(JsonNode policy, String name) {
        List<String> others = new ArrayList<>();
        for (JsonNode route : policy.path("routes")) {
            if (route.path("name").asText().equals(name)) {
                return read(route);
            }
            others.add(route.path("name").asText());
        }
        throw new IllegalArgumentException("the router has no route '" + name + "' now; it has " + some(others));
    }

    /** Names that a router gave, as many as a person reads. */
    public static String some(List<String> names) {
        String shown = names.stream()
                .limit(MOST_SHOWN)
                .map(name -> TerminalText.line(name, LONGEST_SHOWN))
                .collect(Collectors.joining(", "));
        return names.size() > MOST_SHOWN ? shown + " and " + (names.size() - MOST_SHOWN) + " more" : shown;
    }

    /** Names of all routes. */
    public static List<String> names(JsonNode policy) {
        List<String> names = new ArrayList<>();
        policy.path("routes").forEach(route -> names.add(route.path("name").asText()));
        return names;
    }

    private static Route read(JsonNode route) {
        List<Tier> tiers = new ArrayList<>();
        int ids = 0;
        for (JsonNode tier : route.path("tiers")) {
            List<Target> targets = new ArrayList<>();
            for (JsonNode target : tier.path("targets")) {
                JsonNode slots = target.path("slots");
                targets.add(new Target(
                        new TargetId(ids++),
                        target.path("provider").asText(),
                        target.path("model").asText(),
                        target.path("weight").asInt(1),
                        new SlotBounds(
                                slots.path(0).asInt(),
                                slots.path(1).asInt(),
                                slots.path(2).asInt())));
            }
            tiers.add(new Tier(tier.path("name").asText(), tier.path("attempts").asInt(), targets));
        }
        JsonNode backoff = route.path("backoff");
        JsonNode guard = route.path("storm_guard");
        JsonNode grid = route.path("retry_grid");
        Set<RoutingMode> modes = EnumSet.of(RoutingMode.FAST);
        route.path("modes").forEach(mode -> RoutingMode.ofWord(mode.asText()).ifPresent(modes::add));
        return new Route(
                new RouteId(0),
                route.path("name").asText(),
                tiers,
                Set.of(Operation.CHAT),
                new Backoff(millis(backoff, "base_ms"), millis(backoff, "cap_ms")),
                Optional.empty(),
                new StormLimits(
                        new BasisPoints(guard.path("ratio_bp").asInt()),
                        guard.path("reserve_per_second").asInt(),
                        millis(guard, "window_ms")),
                new RouteModes(
                        modes,
                        RoutingMode.FAST,
                        grid.isObject()
                                ? new RetryGrid(
                                        millis(grid, "epoch_ms"),
                                        grid.path("epochs").asInt())
                                : USUAL_GRID),
                Optional.empty(),
                Affinity.ofWord(route.path("affinity").asText()).orElse(Affinity.NONE));
    }

    private static Duration millis(JsonNode of, String name) {
        long millis = of.path(name).asLong();
        if (millis < 0 || millis > LONGEST_MILLIS) {
            throw new IllegalArgumentException("a route's " + name + " is 0 to 86400000, not " + millis);
        }
        return Duration.ofMillis(millis);
    }
}
