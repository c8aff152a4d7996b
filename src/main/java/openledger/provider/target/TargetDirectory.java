package openledger.provider.target;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import openledger.cluster.TargetKey;
import openledger.inference.admission.RequestBody;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.ProviderGateway.Objection;
import openledger.inference.upstream.ProviderView;
import openledger.provider.Credential;
import openledger.provider.Egress;
import openledger.provider.ProviderEndpoint;
import openledger.provider.dialect.DialectAdapter;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Provider;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.unit.TargetId;
import org.jspecify.annotations.Nullable;

/**
 * The targets of a policy, with their connections. Immutable: a new policy makes a new directory from it, in which unchanged targets keep
 * their connections, slots and circuit, and removed targets stay for the requests that began with them.
 */
public final class TargetDirectory implements ProviderView {
    public static final TargetDirectory EMPTY = new TargetDirectory(Set.of(), Map.of(), Map.of(), Map.of(), null);

    private final Set<Route> routes;
    private final Map<Reach, ProviderEndpoint> endpoints;
    private final Map<TargetId, GuardedTarget> targets;
    /** By route, the dialects among its targets' into which some operation is translated. */
    private final Map<String, Map<DialectAdapter, long[]>> translatedRoutes;

    /** The one before, for requests that were admitted just before this one was made. */
    private final @Nullable TargetDirectory previous;

    private TargetDirectory(
            Set<Route> routes,
            Map<Reach, ProviderEndpoint> endpoints,
            Map<TargetId, GuardedTarget> targets,
            Map<String, Map<DialectAdapter, long[]>> translatedRoutes,
            @Nullable TargetDirectory previous) {
        this.routes = routes;
        this.previous = previous;
        this.endpoints = endpoints;
        this.targets = targets;
        this.translatedRoutes = translatedRoutes;
    }

    /** Those of this policy, and of those before it. */
    public Collection<GuardedTarget> targets() {
        return targets.values();
    }

    /** Those of the policy's providers. */
    public Collection<ProviderEndpoint> endpoints() {
        return endpoints.values();
    }

    /** The one for {@code policy}. */
    public TargetDirectory with(
            Policy policy,
            Map<String, Credential> credentials,
            Map<String, Egress> egress,
            Function<Reach, ProviderEndpoint> newEndpoint,
            BiFunction<Target, ProviderEndpoint, GuardedTarget> newTarget) {
        Map<Reach, ProviderEndpoint> reached = new HashMap<>();
        Map<String, ProviderEndpoint> byName = new HashMap<>();
        for (Provider provider : policy.providers()) {
            Reach reach = new Reach(
                    provider,
                    Optional.ofNullable(credentials.get(provider.name())),
                    egress.getOrDefault(provider.name(), Egress.DIRECT));
            ProviderEndpoint before = endpoints.get(reach);
            ProviderEndpoint endpoint = before == null ? newEndpoint.apply(reach) : before;
            reached.put(reach, endpoint);
            byName.put(provider.name(), endpoint);
        }
        Map<TargetId, GuardedTarget> known = new HashMap<>(targets);
        Map<String, Map<DialectAdapter, long[]>> translated = new HashMap<>();
        for (Route route : policy.routes().values()) {
            for (int tier = 0; tier < route.tiers().size(); tier++) {
                List<Target> within = route.tiers().get(tier).targets();
                for (int i = 0; i < within.size(); i++) {
                    Target target = within.get(i);
                    ProviderEndpoint endpoint = known(byName.get(target.provider()));
                    known.merge(
                            target.id(),
                            newTarget.apply(target, endpoint),
                            // What is known of one address says nothing of another one.
                            (before, fresh) -> before.target().equals(target)
                                            && before.key().equals(fresh.key())
                                    ? before.at(endpoint)
                                    : fresh);
                    DialectAdapter dialect = endpoint.dialect();
                    if (dialect.dialect().operations().stream()
                            .anyMatch(operation -> dialect.translator(operation).isPresent())) {
                        translated.computeIfAbsent(route.name(), first -> new LinkedHashMap<>())
                                        .computeIfAbsent(
                                                dialect,
                                                first -> new long[route.tiers().size()])[tier] |=
                                1L << i;
                    }
                }
            }
        }
        Set<Route> routesHere = Collections.newSetFromMap(new IdentityHashMap<>());
        routesHere.addAll(policy.routes().values());
        return new TargetDirectory(
                routesHere,
                Map.copyOf(reached),
                Map.copyOf(known),
                Map.copyOf(translated),
                new TargetDirectory(routes, endpoints, targets, translatedRoutes, null));
    }

    /**
     * A target with what it takes to call it.
     *
     * @throws IllegalArgumentException if no policy so far had it
     */
    public GuardedTarget target(TargetId id) {
        return known(targets.get(id));
    }

    /** The one that was made for this very route: this one, or the one before it. */
    public TargetDirectory viewOf(Route route) {
        return routes.contains(route) || previous == null || !previous.routes.contains(route) ? this : previous;
    }

    /** By what names other routers know the targets of the policy that this was made for. */
    public Set<TargetKey> keysOf(Policy policy) {
        return policy.routes().values().stream()
                .flatMap(route -> route.tiers().stream())
                .flatMap(tier -> tier.targets().stream())
                .map(target -> target(target.id()).key())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** How providers were reached in the one before and are not in this one. */
    public List<ProviderEndpoint> retired() {
        return previous == null
                ? List.of()
                : previous.endpoints.entrySet().stream()
                        .filter(before -> !endpoints.containsKey(before.getKey()))
                        .map(Map.Entry::getValue)
                        .toList();
    }

    /** True if providers are asked as they are by the other one. */
    public boolean asksAs(TargetDirectory other) {
        return endpoints.keySet().equals(other.endpoints.keySet());
    }

    /** Into how many dialects of the route's targets requests of that operation are translated. */
    public int translations(Route route, Operation operation) {
        int count = 0;
        for (DialectAdapter dialect : translated(route).keySet()) {
            count += dialect.translator(operation).isPresent() ? 1 : 0;
        }
        return count;
    }

    /** The targets of a route whose dialects cannot say a body, and the first member that stands in the way. */
    public ClosedTargets closedTo(Route route, Operation operation, RequestBody body) {
        ClosedTargets closed = ClosedTargets.NONE;
        for (Map.Entry<DialectAdapter, long[]> spoken : translated(route).entrySet()) {
            DialectAdapter dialect = spoken.getKey();
            Optional<Objection> objection = dialect.translator(operation)
                    .flatMap(by -> dialect.translated(body, by).objection());
            if (objection.isPresent()) {
                closed = closed.and(ClosedTargets.of(spoken.getValue(), objection.get()));
            }
        }
        return closed;
    }

    private Map<DialectAdapter, long[]> translated(Route route) {
        return translatedRoutes.getOrDefault(route.name(), Map.of());
    }

    /** A provider, what it is asked with, and by which way; the same ones keep their connections. */
    public record Reach(Provider provider, Optional<Credential> credential, Egress egress) {}

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("not in the policy of this gateway");
        }
        return value;
    }
}
