package openledger.inference;

import io.smallrye.mutiny.Uni;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.inference.record.Decisions.Found;
import openledger.unit.LaneId;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/**
 * Port: which route and which target a number stands for. Numbers belong to a lane: one number is different targets in different
 * lanes, so every question names the lane of the request. Numbers are append-only, so old versions have names too. Safe for several
 * threads.
 */
public interface Catalog {
    /** The names of these numbers; a number without a name is left out. Our own lane's come from memory. */
    Uni<Names> names(Set<LaneNumber> keys);

    /**
     * A version of a route, or a target, which has no tiers.
     *
     * @param name what clients call it; {@code provider/model} of a target
     * @param tiers names of its tiers, best first
     */
    record RouteEntry(String name, List<String> tiers) {
        public RouteEntry {
            tiers = List.copyOf(tiers);
        }
    }

    /** What a number is of. */
    enum NumberKind {
        ROUTE,
        TARGET
    }

    /** One number of one lane. */
    record LaneNumber(LaneId lane, NumberKind kind, int id) {
        /** The numbers that requests mention, each in the lane of its request. */
        public static Set<LaneNumber> of(List<? extends Found> requests) {
            Set<LaneNumber> keys = new LinkedHashSet<>();
            requests.forEach(request -> add(keys, request));
            return keys;
        }

        private static void add(Set<LaneNumber> keys, Found request) {
            switch (request) {
                case Found.Open(var id, var intent) ->
                    keys.add(new LaneNumber(
                            new LaneId(id.lane()),
                            NumberKind.ROUTE,
                            intent.route().value()));
                case Found.Finished(var decision) -> {
                    LaneId lane = new LaneId(decision.id().lane());
                    keys.add(new LaneNumber(
                            lane, NumberKind.ROUTE, decision.intent().route().value()));
                    target(keys, lane, decision.servedTarget());
                    decision.attempts().forEach(attempt -> target(keys, lane, attempt.target()));
                    decision.plan().ifPresent(plan -> plan.places().forEach(place -> target(keys, lane, place)));
                }
            }
        }

        private static void target(Set<LaneNumber> keys, LaneId lane, int target) {
            if (target != TargetId.NONE) {
                keys.add(new LaneNumber(lane, NumberKind.TARGET, target));
            }
        }
    }

    /** Names that were looked up. */
    record Names(Map<LaneNumber, RouteEntry> entries) {
        public Names {
            entries = Map.copyOf(entries);
        }

        /** The route of that number in that lane, in the version it had. */
        public Optional<RouteEntry> route(LaneId lane, RouteId id) {
            return Optional.ofNullable(entries.get(new LaneNumber(lane, NumberKind.ROUTE, id.value())));
        }

        /** {@code provider/model} of a target of that lane. */
        public Optional<String> target(LaneId lane, TargetId id) {
            return Optional.ofNullable(entries.get(new LaneNumber(lane, NumberKind.TARGET, id.value())))
                    .map(RouteEntry::name);
        }
    }
}
