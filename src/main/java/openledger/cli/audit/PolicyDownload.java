package openledger.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import openledger.archive.PublicDownload;
import openledger.audit.PublishedRoutes;
import openledger.cli.ForeignJson;
import openledger.commitment.BatchHeader;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafFaults;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.routing.Route;
import openledger.unit.Hash32;

/**
 * Downloads the published policies that headers name, and checks each against its hash. A text has no numbers of routes, so a leaf is
 * judged by the routes that have its budget: it breaks a rule if it does by each of them. Confined to one thread.
 */
public final class PolicyDownload implements PublishedRoutes {
    private static final int LARGEST = 4 << 20;
    private static final int MOST_POLICIES = 1_000;
    private static final int MOST_ROUTES = 10_000;

    private final PublicDownload router;
    private final Map<Hash32, Set<List<Integer>>> policies = new HashMap<>();
    private final Set<Hash32> asked = new LinkedHashSet<>();
    private String trouble = "";

    public PolicyDownload(PublicDownload router) {
        this.router = router;
    }

    /** Why a policy was not had; empty if all were. */
    String trouble() {
        return trouble;
    }

    /** Gets the policy that a header names, once. */
    void learn(BatchHeader header) throws InterruptedException {
        Hash32 hash = header.policyHash();
        if (asked.size() >= MOST_POLICIES || !asked.add(hash)) {
            return;
        }
        try {
            byte[] text = router.get("/v1/policy/" + hash, LARGEST);
            if (!Hash32.of(Keccak256.digest(text)).equals(hash)) {
                throw new IOException("the text has another hash");
            }
            policies.put(hash, routes(ForeignJson.read(text)));
        } catch (IOException | IllegalArgumentException e) {
            trouble = "policy " + hash + " could not be downloaded: " + e.getMessage();
        }
    }

    private static Set<List<Integer>> routes(JsonNode policy) {
        JsonNode list = policy.path("routes");
        if (list.size() > MOST_ROUTES) {
            throw new IllegalArgumentException("it has more than " + MOST_ROUTES + " routes");
        }
        Set<List<Integer>> routes = new LinkedHashSet<>();
        for (JsonNode route : list) {
            List<Integer> upTo = new ArrayList<>();
            for (JsonNode tier : route.path("tiers")) {
                int attempts = tier.path("up_to").asInt();
                boolean fits = upTo.size() < Route.MOST_TIERS
                        && attempts > (upTo.isEmpty() ? 0 : upTo.getLast())
                        && attempts <= Route.LARGEST_BUDGET;
                if (!fits) {
                    throw new IllegalArgumentException("it has an invalid route");
                }
                upTo.add(attempts);
            }
            if (!upTo.isEmpty()) {
                routes.add(List.copyOf(upTo));
            }
        }
        return routes;
    }

    @Override
    public NodeTestimony<List<Integer>> upTo(BatchHeader header, Leaf leaf) {
        // A batch may have leaves of an earlier policy, if no one policy has all of its routes.
        List<List<Integer>> candidates = withBudget(policies.getOrDefault(header.policyHash(), Set.of()), leaf);
        if (candidates.isEmpty()) {
            candidates = policies.values().stream()
                    .flatMap(routes -> withBudget(routes, leaf).stream())
                    .toList();
        }
        if (candidates.isEmpty()) {
            return new Silent<>("no downloaded policy has a route with a budget of " + leaf.budget() + ".");
        }
        return new Said<>(Collections.min(
                candidates,
                Comparator.comparingInt(candidate ->
                        LeafFaults.of(leaf, new Said<>(candidate)).breaches().size())));
    }

    private static List<List<Integer>> withBudget(Set<List<Integer>> routes, Leaf leaf) {
        return routes.stream().filter(upTo -> upTo.getLast() == leaf.budget()).toList();
    }
}
