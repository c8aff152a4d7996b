package openledger.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafFaults;
import openledger.unit.RouteId;

/**
 * Finds plans of the best tier that were passed by later ones, from the leaves of plans alone, which come in the order of their snapshots.
 * Of each route a snapshot's latest turn is kept unless a later snapshot has a later one: that is enough to find one that went first, if
 * there is any. An honest lane keeps as many as turns are ahead of their snapshots; more than {@link #MOST} are forgotten. Whatever it is
 * given, it finds only pairs that {@link LeafFaults#overtaken} convicts. Confined to one thread.
 */
public final class PublicOrder {
    static final int MOST = 100_000;

    private final Map<RouteId, Line> lines = new HashMap<>();
    private int kept;

    /** Plans of earlier snapshots, whose turns fall from one to the next, and the latest turn of the newest snapshot. */
    private static final class Line {
        private final NavigableMap<Long, Leaf> before = new TreeMap<>();
        private Optional<Leaf> newest = Optional.empty();
    }

    /** The next plan; what convicts the lane of having passed it. */
    public Optional<Breach> take(Leaf plan) {
        if (plan.selectedTier() != 0 || !(plan.stage() instanceof Stage.Planned planned)) {
            return Optional.empty();
        }
        if (kept > MOST) {
            lines.clear();
            kept = 0;
        }
        Line line = lines.computeIfAbsent(plan.route(), route -> {
            kept++;
            return new Line();
        });
        long newest = line.newest.map(Leaf::snapshot).orElse(-1L);
        if (plan.snapshot() > newest) {
            line.newest.ifPresent(leaf -> put(line.before, leaf));
            line.newest = Optional.of(plan);
        } else if (plan.snapshot() == newest
                && planned.turn() > line.newest.map(PublicOrder::turn).orElse(0L)) {
            line.newest = Optional.of(plan);
        }
        Map.Entry<Long, Leaf> first = line.before.ceilingEntry(planned.arrival());
        return first == null ? Optional.empty() : LeafFaults.overtaken(plan, first.getValue());
    }

    private void put(NavigableMap<Long, Leaf> line, Leaf leaf) {
        while (!line.isEmpty() && turn(line.lastEntry().getValue()) <= turn(leaf)) {
            line.pollLastEntry();
            kept--;
        }
        line.put(leaf.snapshot(), leaf);
        kept++;
    }

    private static long turn(Leaf leaf) {
        return leaf.stage() instanceof Stage.Planned planned ? planned.turn() : 0;
    }
}
