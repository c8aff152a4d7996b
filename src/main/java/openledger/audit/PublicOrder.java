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
import openledger.commitment.leaf.PlacedLeaf;
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
        private final NavigableMap<Long, PlacedLeaf> before = new TreeMap<>();
        private Optional<PlacedLeaf> newest = Optional.empty();
    }

    /** The next plan; what convicts the lane of having passed it. */
    public Optional<Breach> take(Leaf plan) {
        return passing(new PlacedLeaf(plan, 0, 0)).flatMap(first -> LeafFaults.overtaken(plan, first.leaf()));
    }

    /** The next plan; one that went first although it stood behind, if there is any. */
    public Optional<PlacedLeaf> passing(PlacedLeaf placed) {
        Leaf plan = placed.leaf();
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
        long newest = line.newest.map(other -> other.leaf().snapshot()).orElse(-1L);
        if (plan.snapshot() > newest) {
            line.newest.ifPresent(leaf -> put(line.before, leaf));
            line.newest = Optional.of(placed);
        } else if (plan.snapshot() == newest
                && planned.turn() > line.newest.map(PublicOrder::turn).orElse(0L)) {
            line.newest = Optional.of(placed);
        }
        Map.Entry<Long, PlacedLeaf> first = line.before.ceilingEntry(planned.arrival());
        return Optional.ofNullable(first)
                .map(Map.Entry::getValue)
                .filter(other -> LeafFaults.overtaken(plan, other.leaf()).isPresent());
    }

    private void put(NavigableMap<Long, PlacedLeaf> line, PlacedLeaf placed) {
        while (!line.isEmpty() && turn(line.lastEntry().getValue()) <= turn(placed)) {
            line.pollLastEntry();
            kept--;
        }
        line.put(placed.leaf().snapshot(), placed);
        kept++;
    }

    private static long turn(PlacedLeaf placed) {
        return placed.leaf().stage() instanceof Stage.Planned planned ? planned.turn() : 0;
    }
}
