package openledger.wiring;

import io.smallrye.mutiny.Uni;
import openledger.commitment.evm.Keccak256;
import openledger.inference.Catalog;
import openledger.routing.CanonicalPolicy;
import openledger.routing.Policy;
import openledger.routing.Route;
import openledger.routing.Tier;
import openledger.store.catalog.StoredCatalog;
import openledger.wiring.config.CheckedConfiguration;

/** Gives a checked policy its numbers and keeps its text. Waits for the database: belongs to the start and to workers. */
final class PolicyRegistration {
    private PolicyRegistration() {}

    /** @throws IllegalStateException if the database does not take it; without numbers a policy is not put into force */
    static Policy register(CheckedConfiguration checked, StoredCatalog catalog) {
        Policy policy = checked.policy(
                route -> written(catalog.registerRoute(CanonicalPolicy.of(route), entry(route)))
                        .value(),
                target -> written(catalog.registerTarget(target)).value());
        byte[] canonical = CanonicalPolicy.of(policy);
        written(catalog.rememberPolicy(Keccak256.digest(canonical), canonical).replaceWith(policy));
        return policy;
    }

    private static <T> T written(Uni<T> answer) {
        return answer.onFailure()
                .transform(why ->
                        new IllegalStateException("the catalog of ids cannot be written: " + why.getMessage(), why))
                .await()
                .indefinitely();
    }

    private static Catalog.RouteEntry entry(Route route) {
        return new Catalog.RouteEntry(
                route.name(), route.tiers().stream().map(Tier::name).toList());
    }
}
