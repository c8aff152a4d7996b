package openledger.audit.charge;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import openledger.audit.PublicOrder;
import openledger.audit.charge.MisrouteFinder.Batch;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafFaults;
import openledger.commitment.leaf.PlacedLeaf;
import openledger.commitment.stake.ShownLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;
import openledger.unit.LaneId;

/**
 * The leaves of a request beside each other: plan and outcome, two of a kind, who was overtaken, and the plan or outcome that is not there.
 * Keeps plans without an end and the places of recent ends. Confined to one thread. Long because what is kept of a request is read
 * together.
 */
final class RequestPartners {
    /** An honest lane has as many as it holds requests. */
    private static final int MOST_PLANS = 200_000;

    private static final int MOST_ENDED = 400_000;
    /** Time for what a router writes when it is back after a crash, s. */
    private static final long PATIENCE = 600;

    private static final int MOST_OVERDUE = 10;

    private final LaneId lane;
    private final long longestPromise;
    private final MisrouteFinder.Shelf shelf;
    private final Map<Long, Kept> plans = new LinkedHashMap<>();
    /** Plans that were charged with having no end, which may come yet. */
    private final Map<Long, Kept> overdue = new LinkedHashMap<>();

    private final Map<Long, Place> ended = new LinkedHashMap<>();
    private final PublicOrder order = new PublicOrder();
    /** Plans of snapshots up to this one may be in a batch that was not read, or are forgotten. */
    private long unreadSnapshot = -1;

    private long lastSnapshot;
    private long unreadSequence;
    private boolean isFollowing;
    /** Times of two batches with some minutes between them, the first of which is not the newest. */
    private long earlier;

    private long later;

    private record Kept(PlacedLeaf leaf, long committedAt, long block) {}

    private record Place(long sequence, long index) {}

    RequestPartners(LaneId lane, Duration longestPromise, MisrouteFinder.Shelf shelf) {
        this.lane = lane;
        this.longestPromise = longestPromise.toSeconds();
        this.shelf = shelf;
    }

    void pass(BatchHeader header) {
        isFollowing = true;
        unreadSnapshot = Math.max(unreadSnapshot, header.lastSnapshot());
        unreadSequence = header.sequence();
    }

    void take(Batch batch) {
        if (!isFollowing) {
            isFollowing = true;
            // Plans of a batch are of its snapshots or of earlier ones.
            unreadSnapshot = batch.header.firstSnapshot() - 1;
        }
        // Within a batch the order of the two leaves says nothing.
        batch.leaves.stream()
                .filter(leaf -> leaf.leaf().stage() instanceof Stage.Planned)
                .forEach(leaf -> plan(batch, leaf));
        batch.leaves.stream()
                .filter(leaf -> leaf.leaf().stage() instanceof Stage.Ended)
                .forEach(leaf -> end(batch, leaf));
        lastSnapshot = batch.header.lastSnapshot();
        bound();
    }

    private void plan(Batch batch, PlacedLeaf plan) {
        long counter = counter(plan);
        Place end = ended.get(counter);
        Kept first = plans.getOrDefault(counter, overdue.get(counter));
        if (end != null) {
            afterItsEnd(batch, plan, end);
        } else if (first != null) {
            LeafFaults.twice(first.leaf, plan)
                    .ifPresent(breach -> two(batch, breach, place(first.leaf), plan, VaultCall.ProveTwice::new));
        } else {
            plans.put(
                    counter,
                    new Kept(
                            plan,
                            batch.content.committed().committedAt(),
                            batch.content.committed().block()));
        }
        // One of a snapshot that is still to come is charged alone, and must not hide those that come before it.
        if (plan.leaf().snapshot() > batch.header.lastSnapshot()) {
            return;
        }
        order.passing(plan)
                .flatMap(before ->
                        LeafFaults.overtaken(plan.leaf(), before.leaf()).map(breach -> new Passed(before, breach)))
                .ifPresent(passed -> two(
                        batch,
                        passed.breach,
                        place(passed.first),
                        plan,
                        (ahead, late) -> new VaultCall.ProveOvertaken(late, ahead)));
    }

    private record Passed(PlacedLeaf first, Breach breach) {}

    /** The outcome is punished, which was committed before. */
    private void afterItsEnd(Batch batch, PlacedLeaf plan, Place end) {
        shelf.batch(end.sequence).ifPresent(content -> {
            PlacedLeaf outcome = PlacedLeaf.decode(
                    content.leaf(Math.toIntExact(end.index - content.header().firstIndex())), end.sequence, end.index);
            LeafFaults.pair(plan, outcome)
                    .ifPresent(breach -> batch.add(new Charge(
                            VaultFault.of(breach.fault().code()).orElseThrow(),
                            lane,
                            end.sequence,
                            batch.content.committed().block(),
                            content.committed().committedAt(),
                            breach.fault().sentence(),
                            new VaultCall.ProvePair(batch.shown(plan.index()), shown(content, end.index)))));
        });
    }

    private void end(Batch batch, PlacedLeaf outcome) {
        long counter = counter(outcome);
        Place first = ended.get(counter);
        if (first != null) {
            LeafFaults.twice(new PlacedLeaf(outcome.leaf(), first.sequence, first.index), outcome)
                    .ifPresent(breach -> two(batch, breach, first, outcome, VaultCall.ProveTwice::new));
            return;
        }
        ended.put(counter, place(outcome));
        Kept late = overdue.remove(counter);
        Kept plan = late == null ? plans.remove(counter) : late;
        if (plan != null) {
            LeafFaults.pair(plan.leaf, outcome)
                    .ifPresent(breach -> two(batch, breach, place(plan.leaf), outcome, VaultCall.ProvePair::new));
        } else if (namesAPlan(outcome.leaf()) && !batch.isCharged(outcome.index())) {
            batch.add(
                    VaultFault.PLAN_MISSING,
                    "The outcome of request " + counter + " names a plan that was not committed.",
                    new VaultCall.OpenPlanMissing(
                            batch.shown(outcome.index()),
                            outcome.leaf().request().word()));
        }
    }

    private boolean namesAPlan(Leaf outcome) {
        return outcome.snapshot() != Leaf.NO_SNAPSHOT && outcome.snapshot() > unreadSnapshot;
    }

    /** Charges a leaf of this batch, by one that stands before it, if that can still be shown. */
    private void two(
            Batch batch,
            Breach breach,
            Place partner,
            PlacedLeaf punished,
            BiFunction<ShownLeaf, ShownLeaf, VaultCall> call) {
        if (batch.isCharged(punished.index())) {
            return;
        }
        Optional<ShownLeaf> other = partner.sequence == batch.header.sequence()
                ? Optional.of(batch.shown(partner.index))
                : shelf.batch(partner.sequence).map(content -> shown(content, partner.index));
        other.ifPresent(shown -> batch.charge(
                breach.fault(),
                punished.index(),
                breach.fault().sentence(),
                call.apply(shown, batch.shown(punished.index()))));
    }

    /** Plans that should have ended long ago, of a lane that goes on meanwhile. */
    void overdue(BatchContent newest, List<Charge> charges) {
        long now = newest.committed().committedAt();
        if (now >= later + PATIENCE) {
            earlier = later;
            later = now;
        }
        int found = 0;
        Iterator<Kept> oldest = plans.values().iterator();
        while (oldest.hasNext() && found < MOST_OVERDUE) {
            Kept plan = oldest.next();
            if (plan.committedAt + longestPromise >= earlier) {
                return;
            }
            oldest.remove();
            overdue.put(counter(plan.leaf), plan);
            // Its outcome may be in a batch that was not read.
            if (plan.leaf.sequence() > unreadSequence) {
                found++;
                shelf.batch(plan.leaf.sequence())
                        .ifPresent(content -> charges.add(new Charge(
                                VaultFault.OUTCOME_MISSING,
                                lane,
                                plan.leaf.sequence(),
                                newest.committed().block(),
                                plan.committedAt,
                                "Request " + counter(plan.leaf) + " was planned long ago and has no outcome.",
                                new VaultCall.OpenOutcomeMissing(
                                        shown(content, plan.leaf.index()), counter(plan.leaf)))));
            }
        }
    }

    /** A header has called all of these ended; whoever is not is charged by that. */
    void complete(long through) {
        if (!plans.isEmpty() || !overdue.isEmpty()) {
            plans.keySet().removeIf(counter -> counter <= through);
            overdue.keySet().removeIf(counter -> counter <= through);
        }
    }

    private void bound() {
        bound(overdue);
        bound(plans);
        Iterator<Place> first = ended.values().iterator();
        while (ended.size() > MOST_ENDED) {
            first.next();
            first.remove();
        }
    }

    private void bound(Map<Long, Kept> kept) {
        Iterator<Kept> oldest = kept.values().iterator();
        while (kept.size() > MOST_PLANS) {
            long snapshot = oldest.next().leaf.leaf().snapshot();
            unreadSnapshot = Math.max(unreadSnapshot, Math.min(snapshot, lastSnapshot));
            oldest.remove();
        }
    }

    private static ShownLeaf shown(BatchContent content, long index) {
        return content.paths().shown(Math.toIntExact(index - content.header().firstIndex()));
    }

    private static long counter(PlacedLeaf leaf) {
        return leaf.leaf().request().counter();
    }

    private static Place place(PlacedLeaf leaf) {
        return new Place(leaf.sequence(), leaf.index());
    }
}
