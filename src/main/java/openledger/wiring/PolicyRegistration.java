package openledger.wiring;

import java.sql.SQLException;
import openledger.commitment.tree.Keccak256;
import openledger.inference.Catalog;
import openledger.routing.CanonicalPolicy;
import openledger.routing.Policy;
import openledger.routing.Route;
import openledger.routing.Tier;
import openledger.store.catalog.StoredCatalog;
import openledger.wiring.config.CheckedConfiguration;

/** Gives a checked policy its numbers and keeps its text. Talks to the database and blocks. */
final class PolicyRegistration {
    private PolicyRegistration() {}

    static Policy register(CheckedConfiguration checked, StoredCatalog catalog) throws SQLException {
        Policy policy = checked.policy(
                route -> Registration.of(() -> catalog.registerRoute(CanonicalPolicy.of(route), entry(route))
                        .value()),
                target -> Registration.of(() -> catalog.registerTarget(target).value()));
        byte[] canonical = CanonicalPolicy.of(policy);
        catalog.rememberPolicy(Keccak256.digest(canonical), canonical);
        return policy;
    }

    private static Catalog.RouteEntry entry(Route route) {
        return new Catalog.RouteEntry(
                route.name(), route.tiers().stream().map(Tier::name).toList());
    }
}
