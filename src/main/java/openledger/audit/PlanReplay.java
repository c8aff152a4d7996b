package openledger.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import openledger.audit.Difference.Kind;
import openledger.commitment.Leaf;
import openledger.commitment.Leaf.Stage;
import openledger.commitment.LeafMode;
import openledger.commitment.SnapshotSeed;
import openledger.routing.Allocation;
import openledger.routing.Allocation.Pinned;
import openledger.routing.Allocator;
import openledger.routing.OpenRequest;
import openledger.routing.Plan;
import openledger.routing.RouteShape;
import openledger.routing.Snapshot;
import openledger.unit.Hash32;

/**
 * Allocates published snapshots again, with the allocator that serves traffic, and compares what comes out with the leaves of
 * the plans. Batches are given in the order of their sequence, without a gap; a snapshot's plans may come in later batches
 * than itself, so it is judged once a later snapshot has plans, or at the end. Confined to one thread.
 */
public final class PlanReplay {
    private final Map<Long, Map<Hash32, Leaf>> plansOf = new HashMap<>();
    private final Map<Hash32, Leaf> planned = new HashMap<>();
    private final List<Snapshot> waiting = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();
    private final OpenSets openSets = new OpenSets(differences);
    private int batches;
    private long snapshots;
    private long plans;
    private long outcomes;
    private long exhausted;
    private long lastSequence;

    /**
     * Takes the next batch.
     *
     * @throws IllegalArgumentException if it is not the next
     */
    public void take(PublishedBatch batch) {
        long sequence = batch.header().sequence();
        if (batches > 0 && sequence != lastSequence + 1) {
            throw new IllegalArgumentException("batch " + sequence + " does not come after " + lastSequence);
        }
        lastSequence = sequence;
        batches++;
        waiting.addAll(batch.snapshots());
        long newest = 0;
        for (Leaf leaf : batch.leaves()) {
            switch (leaf.stage()) {
                case Stage.Planned _ -> {
                    newest = Math.max(newest, leaf.snapshot());
                    plansOf.computeIfAbsent(leaf.snapshot(), number -> new HashMap<>())
                            .put(leaf.request(), leaf);
                    planned.put(leaf.request(), leaf);
                    plans++;
                }
                case Stage.Ended ended -> ended(leaf, ended);
            }
        }
        // Plans are in the order of their snapshots, so all before the newest are complete.
        judgeBefore(newest);
    }

    /** What was found, now that there is no more. */
    public ReplayReport finish() {
        long pending = 0;
        for (Snapshot last : waiting) {
            Allocation again = Allocator.allocate(last, SnapshotSeed.LOTS);
            Map<Hash32, Leaf> leaves = plansOf.getOrDefault(last.number(), Map.of());
            for (Pinned pinned : again.pinned()) {
                if (leaves.containsKey(pinned.request().commitment())) {
                    compare(last, pinned, leaves.get(pinned.request().commitment()));
                } else {
                    pending++;
                }
            }
            snapshots++;
        }
        return new ReplayReport(batches, snapshots, plans, outcomes, openSets.left(), exhausted, pending, differences);
    }

    private void judgeBefore(long number) {
        while (!waiting.isEmpty() && waiting.getFirst().number() < number) {
            judge(waiting.removeFirst());
        }
    }

    private void judge(Snapshot snapshot) {
        snapshots++;
        Allocation again = Allocator.allocate(snapshot, SnapshotSeed.LOTS);
        openSets.follow(snapshot, again);
        exhausted += again.exhausted().size();
        Map<Hash32, Leaf> leaves = plansOf.getOrDefault(snapshot.number(), Map.of());
        plansOf.remove(snapshot.number());
        for (Pinned pinned : again.pinned()) {
            Leaf leaf = leaves.get(pinned.request().commitment());
            if (leaf == null) {
                add(Kind.PLAN_MISSING, snapshot, pinned.request().commitment(), "no leaf of " + pinned.plan());
            } else {
                compare(snapshot, pinned, leaf);
            }
        }
        if (leaves.size() > again.pinned().size()) {
            unfounded(snapshot, again, leaves);
        }
    }

    private void unfounded(Snapshot snapshot, Allocation again, Map<Hash32, Leaf> leaves) {
        Map<Hash32, Leaf> rest = new HashMap<>(leaves);
        again.pinned().forEach(pinned -> rest.remove(pinned.request().commitment()));
        rest.forEach((request, leaf) -> add(Kind.PLAN_UNFOUNDED, snapshot, request, "a leaf says " + leaf.plan()));
    }

    private void compare(Snapshot snapshot, Pinned pinned, Leaf leaf) {
        OpenRequest request = pinned.request();
        Plan plan = pinned.plan();
        RouteShape route = snapshot.routes().get(request.route());
        Stage.Planned stage = (Stage.Planned) leaf.stage();
        differ(snapshot, leaf, "route", route.id().value(), leaf.route().value());
        differ(snapshot, leaf, "budget", route.budget(), leaf.budget());
        differ(snapshot, leaf, "attempts spent while held", plan.spent(), leaf.attempts());
        differ(snapshot, leaf, "tier", pinned.tier(), leaf.selectedTier());
        differ(snapshot, leaf, "first target", plan.first(), leaf.selectedTarget());
        differ(snapshot, leaf, "places", plan.places(), leaf.plan());
        differ(snapshot, leaf, "turn", plan.turn(), stage.turn());
        differ(snapshot, leaf, "deficit", plan.deficit(), stage.deficit());
        differ(snapshot, leaf, "rank", (long) plan.rank(), stage.rank());
        differ(snapshot, leaf, "open requests", (long) plan.open(), stage.open());
    }

    private void differ(Snapshot snapshot, Leaf leaf, String what, Object follows, Object published) {
        if (!Objects.equals(follows, published)) {
            add(
                    Kind.PLAN_DIFFERS,
                    snapshot,
                    leaf.request(),
                    what + ": published is " + published + ", " + follows + " follows");
        }
    }

    /** The two leaves of a request: the end must be the plan's. */
    private void ended(Leaf leaf, Stage.Ended ended) {
        if (leaf.mode() == LeafMode.FAST || leaf.plan().isEmpty()) {
            return;
        }
        Leaf plan = planned.remove(leaf.request());
        if (plan == null) {
            return;
        }
        outcomes++;
        if (!leaf.plan().equals(plan.plan()) || leaf.snapshot() != plan.snapshot()) {
            differences.add(new Difference(
                    Kind.OUTCOME_DIFFERS,
                    plan.snapshot(),
                    leaf.request(),
                    "the outcome names " + leaf.plan() + " of snapshot " + leaf.snapshot() + ", the plan is "
                            + plan.plan()));
        }
        boolean served = ended.servedTarget() != Leaf.NO_TARGET;
        boolean within = leaf.attempts() >= 1 && leaf.attempts() <= plan.plan().size();
        if (served && !(within && plan.plan().get(leaf.attempts() - 1) == ended.servedTarget())) {
            differences.add(new Difference(
                    Kind.NOT_AS_PLANNED,
                    plan.snapshot(),
                    leaf.request(),
                    "attempt " + leaf.attempts() + " was served by target " + ended.servedTarget() + ", the plan is "
                            + plan.plan()));
        }
    }

    private void add(Kind kind, Snapshot snapshot, Hash32 request, String text) {
        differences.add(new Difference(kind, snapshot.number(), request, text));
    }
}
