package openledger.settlement;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.commitment.SnapshotSeed;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Attribution;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.PlannedRequest;
import openledger.inference.record.TimeSplit;
import openledger.inference.upstream.AnswerForm;
import openledger.routing.DecisionStatus;
import openledger.routing.Operation;
import openledger.routing.Plan;
import openledger.routing.RouteShape;
import openledger.routing.RouteShape.TierShape;
import openledger.routing.Trigger;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.routing.allocation.Snapshot.TenantView;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;

/** Snapshots, plans and confirmed decisions from a seed; their numbers need not fit together. */
public final class TestPlans {

    private static final int BUDGET = 8;
    private static final LeafMode[] CONFIRMED = {LeafMode.CONFIRMED_RESPONSE, LeafMode.CONFIRMED_DISPATCH};

    private TestPlans() {}

    /** The day that a test's database has partitions for. */
    private static long today() {
        return Instant.now().truncatedTo(ChronoUnit.DAYS).toEpochMilli();
    }

    /** What is known of a confirmed request when it arrives. */
    public static Intent intent(Random random) {
        return new Intent(
                today() + random.nextInt(86_400_000),
                "tenant-" + random.nextInt(40),
                new RouteId(random.nextInt(4)),
                Operation.CHAT,
                CONFIRMED[random.nextInt(CONFIRMED.length)],
                BUDGET,
                AnswerForm.STREAM,
                bytes(random, Decision.DIGEST_BYTES),
                "",
                random.nextBoolean() ? "" : "nonce " + random.nextInt());
    }

    /** A plan of 1 to 8 places. */
    public static Plan plan(Random random) {
        List<Integer> places = IntStream.range(0, random.nextInt(1, BUDGET + 1))
                .mapToObj(place -> random.nextInt(TargetId.NONE))
                .toList();
        long arrival = random.nextLong(1, 1L << 31);
        return new Plan(
                arrival + random.nextInt(1_000),
                arrival,
                arrival + random.nextInt(20),
                random.nextLong(1L << 33),
                random.nextInt(5_000),
                5_000,
                random.nextInt(places.size()),
                places);
    }

    /** A request of our lane with its plan. */
    public static PlannedRequest planned(Random random, long counter) {
        Intent intent = intent(random);
        return planned(random, counter, intent, plan(random));
    }

    /** That request with that plan. */
    public static PlannedRequest planned(Random random, long counter, Intent intent, Plan plan) {
        return new PlannedRequest(
                new RequestId(TestDecisions.LANE, counter),
                intent,
                plan,
                random.nextInt(3),
                intent.arrivalMillis() + random.nextInt(500));
    }

    /** How a confirmed request ended: with a plan or without one, released or not. */
    public static Decision decision(Random random, long counter) {
        Intent intent = intent(random);
        return decision(random, counter, intent, random.nextInt(4) == 0 ? Optional.empty() : Optional.of(plan(random)));
    }

    /** How that request ended: served by the first pinned target if it has a plan, else its client had left. */
    public static Decision decision(Random random, long counter, Intent intent, Optional<Plan> pinned) {
        List<AttemptRecord> attempts = new ArrayList<>();
        pinned.ifPresent(plan -> {
            for (int number = 1; number <= plan.spent(); number++) {
                attempts.add(new AttemptRecord(number, 0, TargetId.NONE, Trigger.NO_CAPACITY, 0, 300L * number, 0, ""));
            }
            attempts.add(new AttemptRecord(plan.spent() + 1, 2, plan.first(), Trigger.NONE, 200, 4_000, 900, "req-1"));
        });
        return new Decision(
                new RequestId(TestDecisions.LANE, counter),
                intent,
                pinned.isPresent() ? DecisionStatus.FELL_BACK : DecisionStatus.CANCELLED,
                List.copyOf(attempts),
                random.nextInt(3),
                pinned.map(Plan::first).orElse(TargetId.NONE),
                pinned.isPresent() ? 2 : Decision.NO_TIER,
                pinned.map(Plan::first).orElse(TargetId.NONE),
                attempts.size() > 1 ? Trigger.NO_CAPACITY : Trigger.NONE,
                pinned.isPresent() ? Attribution.SLOW : Attribution.NONE,
                0,
                new TimeSplit(120, 0, 900, 40, 350_000, 351_060, random.nextLong(1L << 40), random.nextLong(1L << 40)),
                bytes(random, Decision.DIGEST_BYTES),
                random.nextBoolean() ? intent.mode() : intent.mode().released(),
                pinned);
    }

    /** A snapshot with so many open requests. */
    public static Snapshot snapshot(Random random, long number, int open) {
        Hash32 block = Hash32.of(bytes(random, Hash32.BYTES));
        RouteShape route = new RouteShape(
                new RouteId(2),
                5,
                List.of(
                        new TierShape(3, List.of(new TargetId(0), new TargetId(1))),
                        new TierShape(1, List.of(new TargetId(2)))));
        return new Snapshot(
                number,
                today() + 100 * number,
                SnapshotSeed.of(new LaneId(TestDecisions.LANE), number, block),
                random.nextInt(1_000_000),
                IntStream.range(0, 3)
                        .mapToObj(target -> new TargetView(new TargetId(target), random.nextInt(50), true))
                        .toList(),
                List.of(route),
                IntStream.range(0, 4)
                        .mapToObj(tenant ->
                                new TenantView(TenantTag.of(bytes(random, TenantTag.BYTES)), random.nextInt(1_000)))
                        .toList(),
                IntStream.range(0, open)
                        .mapToObj(i -> new OpenRequest(
                                RequestKey.of(
                                        Keccak256.digest(new byte[] {(byte) i, (byte) (i >> 8), (byte) (i >> 16)}),
                                        i + 1L),
                                random.nextInt(4),
                                0,
                                number,
                                0,
                                OpenRequest.NO_TURN))
                        .toList());
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
