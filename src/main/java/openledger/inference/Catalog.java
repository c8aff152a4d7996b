package openledger.inference;

import java.util.Optional;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/**
 * Port: which route and target an id stands for. Ids are append-only, so this also answers for versions that are no
 * longer in the policy. Safe for several threads; answers from memory.
 */
public interface Catalog {
    /** The route of that number, in the version it had. */
    Optional<RouteEntry> route(RouteId id);

    /** {@code provider/model} of a target. */
    Optional<String> target(TargetId id);

    /**
     * A version of a route.
     *
     * @param name what clients call it
     * @param tiers names of its tiers, best first
     */
    record RouteEntry(String name, java.util.List<String> tiers) {}
}
