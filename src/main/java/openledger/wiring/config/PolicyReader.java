package openledger.wiring.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import openledger.routing.Affinity;
import openledger.routing.Backoff;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Provider;
import openledger.routing.Route;
import openledger.routing.RouteModes;
import openledger.routing.SlotBounds;
import openledger.routing.StormLimits;
import openledger.routing.Target;
import openledger.routing.Tier;
import openledger.unit.BasisPoints;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/** Turns the keys of a configuration into a policy, or reports every problem with them. */
final class PolicyReader {
    private static final int BASIS_POINTS_A_PERCENT = 100;

    private final OpenLedgerConfig config;
    private final ConfigurationProblems problems;
    private Set<String> providerNames = Set.of();
    private Map<String, Provider> providers = Map.of();

    PolicyReader(OpenLedgerConfig config, ConfigurationProblems problems) {
        this.config = config;
        this.problems = problems;
    }

    /** Reads the policy, without numbers yet, so that a configuration with problems uses up none. */
    Policy read() {
        ProviderReader reader = new ProviderReader(config, problems);
        providerNames = reader.names();
        providers = reader.read();
        Map<String, Route> drafts = routes();
        problems.check();
        return new Policy(List.copyOf(providers.values()), drafts);
    }

    /** Numbers a draft: {@code routeIds} from a route, {@code targetIds} from {@code provider/model}. */
    static Policy numbered(Policy draft, ToIntFunction<Route> routeIds, ToIntFunction<String> targetIds) {
        Map<String, Route> routes = new LinkedHashMap<>();
        draft.routes().forEach((name, route) -> routes.put(name, numbered(route, routeIds, targetIds)));
        return new Policy(draft.providers(), routes);
    }

    private static Route numbered(Route draft, ToIntFunction<Route> routeIds, ToIntFunction<String> targetIds) {
        List<Tier> tiers = draft.tiers().stream()
                .map(tier -> new Tier(
                        tier.name(),
                        tier.attempts(),
                        tier.targets().stream()
                                .map(target -> new Target(
                                        new TargetId(targetIds.applyAsInt(target.name())),
                                        target.provider(),
                                        target.model(),
                                        target.weight(),
                                        target.slots()))
                                .toList()))
                .toList();
        return new Route(
                new RouteId(routeIds.applyAsInt(draft)),
                draft.name(),
                tiers,
                draft.operations(),
                draft.backoff(),
                draft.hedgeAfter(),
                draft.stormLimits(),
                draft.modes(),
                draft.deadline(),
                draft.affinity());
    }

    private Map<String, Route> routes() {
        Map<String, Route> routes = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        if (config.routes().isEmpty()) {
            problems.add("openledger.routes", "at least one route is needed");
        }
        for (int i = 0; i < config.routes().size(); i++) {
            String key = "openledger.routes[" + i + "]";
            var keys = config.routes().get(i);
            problems.checkName(key + ".name", keys.name(), names);
            route(key, keys).ifPresent(route -> routes.put(route.name(), route));
        }
        return routes;
    }

    private Optional<Route> route(String key, RouteKeys keys) {
        Optional<Backoff> backoff = problems.build(
                key + ".backoff",
                () -> new Backoff(keys.backoff().base(), keys.backoff().cap()));
        Optional<StormLimits> storm = problems.build(
                key + ".storm-guard",
                () -> new StormLimits(
                        new BasisPoints(Math.multiplyExact(keys.stormGuard().ratioPercent(), BASIS_POINTS_A_PERCENT)),
                        keys.stormGuard().reservePerSecond(),
                        keys.stormGuard().window()));
        if (keys.hedgeAfter().isPresent()
                && (keys.hedgeAfter().get().isNegative()
                        || keys.hedgeAfter().get().isZero())) {
            problems.add(key + ".hedge-after", "must be longer than 0; leave it out for no hedging");
        }
        checkDeadline(key, keys);
        List<Tier> tiers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int t = 0; t < keys.tiers().size(); t++) {
            String tierKey = key + ".tiers[" + t + "]";
            problems.checkName(tierKey + ".name", keys.tiers().get(t).name(), names);
            tier(tierKey, keys.tiers().get(t)).ifPresent(tiers::add);
        }
        Optional<RouteModes> modes = new ModesReader(config, problems).read(key, keys);
        Optional<Affinity> affinity = affinity(key, keys, modes);
        if (backoff.isEmpty()
                || affinity.isEmpty()
                || storm.isEmpty()
                || modes.isEmpty()
                || tiers.size() < keys.tiers().size()) {
            return Optional.empty();
        }
        return problems.build(
                key + ".tiers",
                () -> new Route(
                        new RouteId(0),
                        keys.name(),
                        tiers,
                        operations(tiers),
                        backoff.get(),
                        keys.hedgeAfter(),
                        storm.get(),
                        modes.get(),
                        keys.deadline(),
                        affinity.get()));
    }

    private Optional<Affinity> affinity(String key, RouteKeys keys, Optional<RouteModes> modes) {
        Optional<Affinity> affinity = Affinity.ofWord(keys.affinity());
        if (affinity.isEmpty()) {
            problems.add(key + ".affinity", "must be 'none' or 'session', not '" + keys.affinity() + "'");
            return affinity;
        }
        return modes.isEmpty()
                ? affinity
                : problems.build(key + ".affinity", () -> affinity.get().on(modes.get()));
    }

    private void checkDeadline(String key, RouteKeys keys) {
        Duration longest = config.limits().maxRequestTime();
        if (keys.deadline().isPresent()
                && (keys.deadline().get().toMillis() < 1
                        || keys.deadline().get().compareTo(longest) > 0)) {
            problems.add(
                    key + ".deadline",
                    "must be 1 ms to openledger.limits.max-request-time (" + longest.toSeconds()
                            + " s); leave it out for that");
        }
    }

    private Optional<Tier> tier(String key, RouteKeys.TierKeys keys) {
        List<Target> targets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < keys.targets().size(); i++) {
            String targetKey = key + ".targets[" + i + "]";
            var target = keys.targets().get(i);
            if (!providerNames.contains(target.provider())) {
                problems.add(targetKey + ".provider", "there is no provider '" + target.provider() + "'");
            }
            if (target.model().isBlank() || target.model().length() > 200) {
                problems.add(targetKey + ".model", "a model must have 1 to 200 characters");
            }
            if (!names.add(target.provider() + "/" + target.model())) {
                problems.add(targetKey, "is repeated in this tier");
            }
            problems.build(
                            targetKey,
                            () -> new Target(
                                    new TargetId(0),
                                    target.provider(),
                                    target.model(),
                                    target.weight(),
                                    new SlotBounds(
                                            target.slots().min(),
                                            target.slots().initial(),
                                            target.slots().max())))
                    .ifPresent(targets::add);
        }
        if (targets.size() < keys.targets().size()) {
            return Optional.empty();
        }
        return problems.build(key + ".attempts", () -> new Tier(keys.name(), keys.attempts(), targets));
    }

    /** What all targets speak; nothing is said of a route that has a target without a usable provider. */
    private Set<Operation> operations(List<Tier> tiers) {
        Set<Operation> common = EnumSet.allOf(Operation.class);
        for (Tier tier : tiers) {
            for (Target target : tier.targets()) {
                Provider provider = providers.get(target.provider());
                if (provider != null) {
                    common.retainAll(provider.speaks());
                }
            }
        }
        return common;
    }
}
