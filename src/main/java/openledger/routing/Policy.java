package openledger.routing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The public rules: the routes, and the retry budget of each. Immutable.
 *
 * @param providers in the order of the configuration
 * @param routes by name, in the order of the configuration
 */
public record Policy(List<Provider> providers, Map<String, Route> routes) {
    public Policy {
        providers = List.copyOf(providers);
        routes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(routes));
    }

    /** The route a client means by {@code model}. */
    public Optional<Route> route(String model) {
        return Optional.ofNullable(routes.get(model));
    }
}
