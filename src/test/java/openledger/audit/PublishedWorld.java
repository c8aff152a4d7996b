package openledger.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import openledger.commitment.BatchHeader;
import openledger.commitment.SnapshotEncoding;
import openledger.commitment.SnapshotSeed;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.LogEdge;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.RouteShape;
import openledger.routing.RouteShape.TierShape;
import openledger.routing.Trigger;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.Allocation.Pinned;
import openledger.routing.allocation.Allocator;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.routing.allocation.Snapshot.TenantView;
import openledger.routing.allocation.TenantDeficits;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;

/** A router's published life, made of random arrivals under scarcity: snapshots, and a plan and an outcome of each that got one. */
final class PublishedWorld {
    static final LaneId LANE = new LaneId(3);
    private static final int TENANTS = 5;
    private static final int MOST_ARRIVALS = 9;
    private static final int MOST_FREE = 3;
    private static final RouteShape ROUTE = new RouteShape(
            new RouteId(4),
            2,
            List.of(
                    new TierShape(3, List.of(new TargetId(0), new TargetId(1), new TargetId(2))),
                    new TierShape(1, List.of(new TargetId(9)))));

    final List<Snapshot> snapshots = new ArrayList<>();
    final List<Leaf> leaves = new ArrayList<>();
    private final Random random;
    private final TenantDeficits deficits = new TenantDeficits(100);
    private List<OpenRequest> held = List.of();
    private long counter;

    PublishedWorld(long seed, int epochs) {
        random = new Random(seed);
        for (int number = 1; number <= epochs; number++) {
            epoch(number);
        }
    }

    private static TenantTag tag(int tenant) {
        byte[] bytes = new byte[TenantTag.BYTES];
        bytes[0] = (byte) tenant;
        return TenantTag.of(bytes);
    }

    private void epoch(int number) {
        List<OpenRequest> open = new ArrayList<>();
        // Some clients leave while they wait.
        held.stream().filter(request -> random.nextInt(20) > 0).forEach(open::add);
        int arrivals = random.nextInt(MOST_ARRIVALS);
        for (int i = 0; i < arrivals; i++) {
            byte[] commitment = new byte[Hash32.BYTES];
            random.nextBytes(commitment);
            open.add(new OpenRequest(
                    RequestKey.of(commitment, ++counter), random.nextInt(TENANTS), 0, number, 0, OpenRequest.NO_TURN));
        }
        List<TenantView> tenants = new ArrayList<>();
        for (int t = 0; t < TENANTS; t++) {
            tenants.add(new TenantView(tag(t), deficits.of(tag(t))));
        }
        List<TargetView> targets = new ArrayList<>();
        for (TierShape tier : ROUTE.tiers()) {
            tier.targets().forEach(target -> targets.add(new TargetView(target, random.nextInt(MOST_FREE), true)));
        }
        Snapshot snapshot = new Snapshot(
                number,
                1_000_000 + 100L * number,
                SnapshotSeed.of(LANE, number, Hash32.ZERO),
                7,
                targets,
                List.of(ROUTE),
                tenants,
                open);
        snapshots.add(snapshot);
        Allocation allocation = Allocator.allocate(snapshot, SnapshotSeed.LOTS);
        held = allocation.held();
        allocation.pinned().forEach(this::publish);
        deficits.epochPassed();
    }

    private void publish(Pinned pinned) {
        if (pinned.tier() == 0) {
            deficits.charge(tag(pinned.request().tenant()));
        }
        leaves.add(plan(pinned));
        leaves.add(outcome(pinned));
    }

    private static Leaf plan(Pinned pinned) {
        var plan = pinned.plan();
        return new Leaf(
                pinned.request().key(),
                LeafMode.CONFIRMED_RESPONSE,
                1,
                ROUTE.id(),
                ROUTE.budget(),
                plan.spent(),
                1_000_000 + 100 * plan.snapshot(),
                plan.snapshot(),
                pinned.tier(),
                plan.first(),
                Trigger.NONE,
                plan.places(),
                new Leaf.Stage.Planned(plan.turn(), plan.arrival(), plan.rank(), plan.open()));
    }

    private static Leaf outcome(Pinned pinned) {
        var plan = pinned.plan();
        return new Leaf(
                pinned.request().key(),
                LeafMode.CONFIRMED_RESPONSE,
                1,
                ROUTE.id(),
                ROUTE.budget(),
                plan.spent() + 1,
                1_000_000,
                plan.snapshot(),
                pinned.tier(),
                plan.first(),
                Trigger.NONE,
                plan.places(),
                new Leaf.Stage.Ended(
                        pinned.tier() == 0 ? DecisionStatus.SERVED : DecisionStatus.FELL_BACK,
                        pinned.tier(),
                        plan.first(),
                        Attribution.NONE,
                        0,
                        100,
                        OutcomeCommitment.of(new byte[16], new byte[32], List.of(), UsageRecord.NONE)));
    }

    /** All of it in batches of some leaves, each with the snapshots up to its last plan. */
    List<PublishedBatch> batches(int leavesEach) {
        List<PublishedBatch> batches = new ArrayList<>();
        long lastSnapshot = 0;
        LogEdge log = LogEdge.EMPTY;
        for (int from = 0; from < leaves.size(); from += leavesEach) {
            List<Leaf> part = leaves.subList(from, Math.min(leaves.size(), from + leavesEach));
            boolean last = from + leavesEach >= leaves.size();
            long newest = last
                    ? snapshots.size()
                    : part.stream()
                            .mapToLong(Leaf::snapshot)
                            .filter(number -> number != Leaf.NO_SNAPSHOT)
                            .max()
                            .orElse(lastSnapshot);
            List<Snapshot> views = snapshots.subList((int) lastSnapshot, (int) Math.max(lastSnapshot, newest));
            PublishedBatch batch = batch(batches.size() + 1, lastSnapshot, log, part, views);
            batches.add(batch);
            log = log.append(bytes(part), LeafEncoding.BYTES).edge();
            lastSnapshot += views.size();
        }
        return batches;
    }

    private static byte[] bytes(List<Leaf> part) {
        byte[] bytes = new byte[part.size() * LeafEncoding.BYTES];
        for (int i = 0; i < part.size(); i++) {
            LeafEncoding.encode(part.get(i), bytes, i * LeafEncoding.BYTES);
        }
        return bytes;
    }

    /** A batch of a lane whose log begins with it. */
    static PublishedBatch batch(long sequence, long lastSnapshot, List<Leaf> part, List<Snapshot> views) {
        return batch(sequence, lastSnapshot, LogEdge.EMPTY, part, views);
    }

    private static PublishedBatch batch(
            long sequence, long lastSnapshot, LogEdge log, List<Leaf> part, List<Snapshot> views) {
        byte[] bytes = bytes(part);
        List<byte[]> encoded = views.stream().map(SnapshotEncoding::encode).toList();
        LogEdge after = log.append(bytes, LeafEncoding.BYTES).edge();
        return PublishedBatch.of(header(sequence, lastSnapshot, part, after, encoded), log.trees(), bytes, encoded);
    }

    private static BatchHeader header(
            long sequence, long lastSnapshot, List<Leaf> part, LogEdge log, List<byte[]> snapshots) {
        return new BatchHeader(
                901,
                Address.of(new byte[Address.BYTES]),
                LANE,
                sequence,
                Hash32.ZERO,
                Hash32.ZERO,
                lastSnapshot + 1,
                lastSnapshot + snapshots.size(),
                snapshots.isEmpty() ? Hash32.ZERO : new HashedEntries(snapshots).root(),
                part.stream().mapToLong(PublishedWorld::counter).min().orElse(1),
                part.stream().mapToLong(PublishedWorld::counter).max().orElse(1),
                0,
                part.size(),
                (int) part.stream()
                        .filter(leaf -> leaf.stage() instanceof Leaf.Stage.Ended)
                        .count(),
                log.size(),
                log.root(),
                Hash32.ZERO,
                part.stream().mapToLong(Leaf::timeMillis).min().orElse(0),
                part.stream().mapToLong(Leaf::timeMillis).max().orElse(0));
    }

    private static long counter(Leaf leaf) {
        return leaf.request().counter();
    }
}
