package openledger.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.audit.Difference.Kind;
import openledger.audit.PublishedBatch.Plans;
import openledger.commitment.BatchHeader;
import openledger.commitment.SnapshotSeed;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafFaults;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.LeafPair;
import openledger.commitment.leaf.ProvableFault;
import openledger.routing.Plan;
import openledger.routing.RouteShape;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.Allocation.Pinned;
import openledger.routing.allocation.Allocator;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;

/**
 * Does a lane's published work again. Every leaf is held against the published rules; published snapshots are allocated again, with the
 * allocator that serves traffic, and what comes out is compared with the leaves of the plans. Batches are given in the order of their
 * sequence, without a gap; a snapshot's plans may come in later batches than itself, so it is judged once a later snapshot has plans, or
 * at the end. What cannot be read is a difference, and the replay goes on behind it. Long because one class keeps the state between
 * batches. Confined to one thread.
 */
public final class PlanReplay {
    /** Plans without an end that are remembered; an honest lane has as many as it holds requests. */
    static final int MOST_PLANS = 1_000_000;
    /** Requests of snapshots that wait to be judged. */
    static final int MOST_WAITING = 4_000_000;

    private final Map<Long, Map<RequestKey, Leaf>> plansOf = new HashMap<>();
    private final Map<RequestKey, Leaf> planned = new HashMap<>();
    private final Map<RouteId, Integer> budgets = new HashMap<>();
    private final List<Snapshot> waiting = new ArrayList<>();
    private final Findings findings;
    private final PublishedRoutes routes;
    private final OpenSets openSets;
    private final LaneCounters counters;
    private final PublicOrder order = new PublicOrder();
    private long waitingRequests;
    private int batches;
    private long leaves;
    private long unjudged;
    private long snapshots;
    private long plans;
    private long outcomes;
    private long exhausted;
    private long lastSequence;
    private long first;
    private long judged;

    /** A replay that tells nobody before it has finished, and has no published rules but those that are the same for all lanes. */
    public PlanReplay() {
        this(ReplayVerdicts.NOBODY, PublishedRoutes.NONE);
    }

    /** A replay that has read nothing yet. */
    public PlanReplay(ReplayVerdicts verdicts, PublishedRoutes routes) {
        this.findings = new Findings(verdicts);
        this.routes = routes;
        this.openSets = new OpenSets(findings);
        this.counters = new LaneCounters(findings);
    }

    /** The header of the batch before the first that is taken: the lane goes on from there, though it is not judged. */
    public void after(BatchHeader before) {
        counters.after(before);
    }

    /**
     * Takes the next batch.
     *
     * @throws IllegalArgumentException if it is not the next
     */
    public void take(PublishedBatch batch) {
        follow(batch.header().sequence());
        findings.unreadable(batch.unreadable());
        counters.take(batch);
        if (batch.plans() == Plans.IN_PIECES || planned.size() > MOST_PLANS) {
            beginAnew();
        }
        batch.leaves().forEach(leaf -> judge(batch.header(), leaf));
        if (batch.plans() == Plans.WHOLE) {
            plans(batch);
        }
    }

    /**
     * Goes past the next batch, of which nothing can be read.
     *
     * @param why a sentence for people
     * @throws IllegalArgumentException if it is not the next
     */
    public void skip(long sequence, String why) {
        follow(sequence);
        findings.unreadable(List.of(new Difference(Kind.UNREADABLE, 0, Hash32.ZERO, "batch " + sequence + ": " + why)));
        counters.passed();
        beginAnew();
    }

    /**
     * Goes past the next batch, which was not had.
     *
     * @throws IllegalArgumentException if it is not the next
     */
    public void pass(long sequence) {
        follow(sequence);
        counters.passed();
        beginAnew();
    }

    private void plans(PublishedBatch batch) {
        batch.snapshots().forEach(this::await);
        long newest = 0;
        for (Leaf leaf : batch.leaves()) {
            switch (leaf.stage()) {
                case Stage.Planned _ -> {
                    newest = Math.max(newest, leaf.snapshot());
                    planned(leaf);
                }
                case Stage.Ended _ -> ended(leaf);
            }
        }
        // Plans are in the order of their snapshots, so all before the newest are complete.
        judgeBefore(newest);
    }

    private void await(Snapshot snapshot) {
        first = first == 0 ? snapshot.number() : first;
        waiting.add(snapshot);
        waitingRequests += snapshot.open().size() + 1L;
        if (waitingRequests > MOST_WAITING) {
            judgeBefore(snapshot.number());
        }
    }

    /** What follows from a snapshot or a plan that cannot be read cannot be told: plans are compared from here on, as at the start. */
    private void beginAnew() {
        plansOf.clear();
        planned.clear();
        waiting.clear();
        waitingRequests = 0;
        first = 0;
        judged = 0;
        openSets.beginAnew();
    }

    private void follow(long sequence) {
        if (batches > 0 && sequence != lastSequence + 1) {
            throw new IllegalArgumentException("batch " + sequence + " does not come after " + lastSequence);
        }
        lastSequence = sequence;
        batches++;
    }

    /** What was found since this was asked last; {@link #finish} does not say it again. */
    public List<Difference> news() {
        return findings.take();
    }

    /** What a leaf shows alone, in any mode. */
    private void judge(BatchHeader header, Leaf leaf) {
        leaves++;
        LeafFaults judgement = LeafFaults.of(leaf, header, routes.upTo(header, leaf));
        unjudged += judgement.open().isEmpty() ? 0 : 1;
        List<Breach> breaches = new ArrayList<>(judgement.breaches());
        int budget = budgets.computeIfAbsent(leaf.route(), seen -> leaf.budget());
        if (budget != leaf.budget()) {
            breaches.add(new Breach(
                    ProvableFault.WRONG_BUDGET,
                    "Route " + leaf.route().value() + " has a budget of " + leaf.budget() + " here, and had one of "
                            + budget + " in another leaf."));
        }
        order.take(leaf).ifPresent(passed -> findings.broken(Kind.OVERTAKEN, leaf, List.of(passed)));
        if (!breaches.isEmpty()) {
            findings.broken(Kind.RULE_BROKEN, leaf, breaches);
        } else if (leaf.mode() == LeafMode.FAST) {
            findings.holds(leaf);
        }
    }

    private void planned(Leaf leaf) {
        plans++;
        if (planned.putIfAbsent(leaf.request(), leaf) != null) {
            findings.unfounded(Kind.PLAN_UNFOUNDED, leaf, "a second plan of the request");
        } else if (leaf.snapshot() <= judged) {
            // Plans before the first snapshot that was read belong to batches before the first.
            if (leaf.snapshot() >= first) {
                findings.unfounded(Kind.PLAN_UNFOUNDED, leaf, "it comes after all plans of its snapshot");
            }
        } else if (plansOf.computeIfAbsent(leaf.snapshot(), number -> new HashMap<>())
                        .putIfAbsent(leaf.request(), leaf)
                != null) {
            findings.unfounded(Kind.PLAN_UNFOUNDED, leaf, "a second plan of the request, which has ended");
        }
    }

    /** What was found, now that there is no more. */
    public ReplayReport finish() {
        long pending = 0;
        for (Snapshot last : waiting) {
            pending += judge(last).size();
        }
        waiting.clear();
        plansOf.forEach((number, leaves) -> {
            if (number >= first) {
                leaves.values()
                        .forEach(leaf -> findings.unfounded(Kind.PLAN_UNFOUNDED, leaf, "there is no such snapshot"));
            }
        });
        return new ReplayReport(
                batches,
                leaves,
                unjudged,
                snapshots,
                plans,
                outcomes,
                openSets.left(),
                exhausted,
                pending,
                findings.take());
    }

    private void judgeBefore(long number) {
        while (!waiting.isEmpty() && waiting.getFirst().number() < number) {
            Snapshot complete = waiting.removeFirst();
            waitingRequests -= complete.open().size() + 1L;
            judge(complete)
                    .forEach(missing -> findings.inSnapshot(
                            Kind.PLAN_MISSING, complete, missing.request(), "no leaf of " + missing.plan()));
        }
    }

    /** Compares a snapshot's plans; those of which there is no leaf so far. */
    private List<Pinned> judge(Snapshot snapshot) {
        snapshots++;
        judged = snapshot.number();
        Allocation again = Allocator.allocate(snapshot, SnapshotSeed.LOTS);
        openSets.follow(snapshot, again);
        exhausted += again.exhausted().size();
        Map<RequestKey, Leaf> published = plansOf.remove(snapshot.number());
        Map<RequestKey, Leaf> leaves = published == null ? new HashMap<>() : published;
        List<Pinned> missing = new ArrayList<>();
        for (Pinned pinned : again.pinned()) {
            Leaf leaf = leaves.remove(pinned.request().key());
            if (leaf == null) {
                missing.add(pinned);
            } else {
                compare(snapshot, pinned, leaf);
            }
        }
        leaves.values().forEach(leaf -> findings.unfounded(Kind.PLAN_UNFOUNDED, leaf, "a leaf says " + leaf.plan()));
        return missing;
    }

    private void compare(Snapshot snapshot, Pinned pinned, Leaf leaf) {
        OpenRequest request = pinned.request();
        Plan plan = pinned.plan();
        RouteShape route = snapshot.routes().get(request.route());
        Stage.Planned stage = (Stage.Planned) leaf.stage();
        findings.begin();
        findings.differ(leaf, "route", route.id().value(), leaf.route().value());
        findings.differ(leaf, "budget", route.budget(), leaf.budget());
        findings.differ(leaf, "attempts spent while held", plan.spent(), leaf.attempts());
        findings.differ(leaf, "tier", pinned.tier(), leaf.selectedTier());
        findings.differ(leaf, "first target", plan.first(), leaf.selectedTarget());
        findings.differ(leaf, "places", plan.places(), leaf.plan());
        findings.differ(leaf, "turn", plan.turn(), stage.turn());
        findings.differ(leaf, "arrival", plan.arrival(), stage.arrival());
        findings.differ(leaf, "rank", (long) plan.rank(), stage.rank());
        findings.differ(leaf, "open requests", (long) plan.open(), stage.open());
        findings.end(leaf);
    }

    /** The two leaves of a request: the end must be the plan's. Whether it was carried out the end itself shows. */
    private void ended(Leaf leaf) {
        if (leaf.mode() == LeafMode.FAST) {
            return;
        }
        if (leaf.plan().isEmpty()) {
            return;
        }
        // A request ends once; what it was planned need not be kept beyond that.
        Leaf plan = planned.remove(leaf.request());
        if (plan == null) {
            if (first > 0 && leaf.snapshot() >= first) {
                findings.unfounded(Kind.OUTCOME_DIFFERS, leaf, "it names a plan of which there is no leaf before it");
            }
            return;
        }
        outcomes++;
        findings.begin();
        new LeafPair(plan, leaf)
                .continuation()
                .ifPresent(
                        other -> findings.about(Kind.OUTCOME_DIFFERS, plan, other.why(), Optional.of(other.fault())));
        findings.end(leaf);
    }
}
