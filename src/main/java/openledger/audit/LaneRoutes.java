package openledger.audit;

import io.smallrye.mutiny.Uni;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.settlement.receipt.Policies;
import openledger.unit.Hash32;
import openledger.unit.RouteId;

/** What our own lane has published of its routes: a number names one version for ever, so each is looked up once. Thread-safe. */
final class LaneRoutes implements PublishedRoutes {
    private final Policies policies;
    private final Map<RouteId, List<Integer>> known = new ConcurrentHashMap<>();

    LaneRoutes(Policies policies) {
        this.policies = policies;
    }

    /** Looks up the routes of these leaves. Fails if they cannot be looked up, and may be tried again. */
    Uni<Void> learn(List<Leaf> leaves) {
        Set<RouteId> unknown = new HashSet<>();
        leaves.forEach(leaf -> unknown.add(leaf.route()));
        unknown.removeAll(known.keySet());
        return unknown.isEmpty()
                ? Uni.createFrom().voidItem()
                : policies.covering(unknown).chain(hashes -> read(hashes.iterator()));
    }

    private Uni<Void> read(Iterator<Hash32> hashes) {
        return hashes.hasNext()
                ? policies.byHash(hashes.next())
                        .invoke(found -> found.ifPresent(policy ->
                                policy.routes().forEach(route -> known.put(route.route(), List.copyOf(route.upTo())))))
                        .chain(() -> read(hashes))
                : Uni.createFrom().voidItem();
    }

    @Override
    public NodeTestimony<List<Integer>> upTo(BatchHeader header, Leaf leaf) {
        return new Said<>(known.getOrDefault(leaf.route(), List.of()));
    }
}
