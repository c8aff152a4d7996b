package openledger.provider;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import openledger.routing.Dialect;
import openledger.routing.Policy;
import openledger.routing.Provider;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Tier;
import openledger.unit.TargetId;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the targets of a policy. Immutable: another policy makes another one out of it, in which what is the same
 * keeps its connections, slots and circuit, and targets that are gone stay for the requests that began with them.
 */
final class TargetDirectory {
    static final TargetDirectory EMPTY = new TargetDirectory(Map.of(), Map.of(), Set.of());

    private final Map<Reach, ProviderEndpoint> endpoints;
    private final Map<TargetId, GuardedTarget> targets;
    private final Set<String> translatedRoutes;

    private TargetDirectory(
            Map<Reach, ProviderEndpoint> endpoints,
            Map<TargetId, GuardedTarget> targets,
            Set<String> translatedRoutes) {
        this.endpoints = endpoints;
        this.targets = targets;
        this.translatedRoutes = translatedRoutes;
    }

    /** The one for {@code policy}. */
    TargetDirectory with(
            Policy policy,
            Map<String, Credential> credentials,
            Function<Reach, ProviderEndpoint> newEndpoint,
            BiFunction<Target, ProviderEndpoint, GuardedTarget> newTarget) {
        Map<Reach, ProviderEndpoint> reached = new HashMap<>();
        Map<String, ProviderEndpoint> byName = new HashMap<>();
        for (Provider provider : policy.providers()) {
            Reach reach = new Reach(provider, Optional.ofNullable(credentials.get(provider.name())));
            ProviderEndpoint before = endpoints.get(reach);
            ProviderEndpoint endpoint = before == null ? newEndpoint.apply(reach) : before;
            reached.put(reach, endpoint);
            byName.put(provider.name(), endpoint);
        }
        Map<TargetId, GuardedTarget> known = new HashMap<>(targets);
        Set<String> translated = new HashSet<>();
        for (Route route : policy.routes().values()) {
            for (Tier tier : route.tiers()) {
                for (Target target : tier.targets()) {
                    ProviderEndpoint endpoint = known(byName.get(target.provider()));
                    known.merge(
                            target.id(),
                            newTarget.apply(target, endpoint),
                            (before, fresh) -> before.target().equals(target) ? before.at(endpoint) : fresh);
                    if (endpoint.dialect() != Dialect.OPENAI) {
                        translated.add(route.name());
                    }
                }
            }
        }
        return new TargetDirectory(Map.copyOf(reached), Map.copyOf(known), Set.copyOf(translated));
    }

    /**
     * A target with what it takes to call it.
     *
     * @throws IllegalArgumentException if no policy so far had it
     */
    GuardedTarget target(TargetId id) {
        return known(targets.get(id));
    }

    /** True if providers are asked as they are by the other one. */
    boolean asksAs(TargetDirectory other) {
        return endpoints.keySet().equals(other.endpoints.keySet());
    }

    /** True if some target of the route needs a chat request to be translated. */
    boolean translates(Route route) {
        return translatedRoutes.contains(route.name());
    }

    /** A provider and what it is asked with; the same ones keep their connections. */
    record Reach(Provider provider, Optional<Credential> credential) {}

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("not in the policy of this gateway");
        }
        return value;
    }
}
