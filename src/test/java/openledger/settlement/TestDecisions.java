package openledger.settlement;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.commitment.SnapshotEncoding;
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
import openledger.routing.Trigger;
import openledger.routing.allocation.Snapshot;
import openledger.settlement.cut.BatchInput;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.JournalOffset;
import openledger.settlement.cut.PlanSource;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.unit.RouteId;

/** Decisions as a router makes them, from a seed. */
public final class TestDecisions {
    public static final long LANE = 7;

    private TestDecisions() {}

    /** The day that a test's database has partitions for. */
    private static long today() {
        return Instant.now().truncatedTo(ChronoUnit.DAYS).toEpochMilli();
    }

    /** So many decisions, counters from {@code first}, ending in another order than they began. */
    public static List<Placed> placed(int count, long first, long seed) {
        Random random = new Random(seed);
        List<Placed> placed = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean paired = i % 2 == 1 || i + 1 < count;
            long counter = first + (paired ? i ^ 1 : i);
            placed.add(new Placed(decision(random, counter), new JournalOffset(1, 2 * (i + 1))));
        }
        return placed;
    }

    /** One decision: usually served at once, sometimes a fall-back or exhausted. */
    public static Decision decision(Random random, long counter) {
        int spent = random.nextInt(10) == 0 ? random.nextInt(1, 5) : 1;
        boolean exhausted = spent == 4 && random.nextBoolean();
        DecisionStatus status =
                exhausted ? DecisionStatus.EXHAUSTED : spent == 4 ? DecisionStatus.FELL_BACK : DecisionStatus.SERVED;
        List<AttemptRecord> attempts = IntStream.rangeClosed(1, spent)
                .mapToObj(number -> new AttemptRecord(
                        number,
                        number == 4 ? 1 : 0,
                        number - 1,
                        number == spent && !exhausted ? Trigger.NONE : Trigger.RATE_LIMITED,
                        number == spent && !exhausted ? 200 : 429,
                        1_000L * number,
                        900,
                        "req-" + counter + "-" + number))
                .toList();
        return new Decision(
                new RequestId(LANE, counter),
                new Intent(
                        today() + counter,
                        "tenant-" + random.nextInt(40),
                        new RouteId(random.nextInt(4)),
                        Operation.CHAT,
                        LeafMode.FAST,
                        4,
                        AnswerForm.STREAM,
                        bytes(random),
                        "",
                        ""),
                status,
                attempts,
                random.nextInt(3),
                0,
                exhausted ? Decision.NO_TIER : spent == 4 ? 1 : 0,
                exhausted ? 0xffff : spent - 1,
                spent > 1 ? Trigger.RATE_LIMITED : Trigger.NONE,
                status == DecisionStatus.SERVED ? Attribution.NONE : Attribution.SLOW,
                random.nextInt(5),
                new TimeSplit(120, 0, 900, 40, 350_000, 351_060, 0, 0),
                exhausted ? new byte[Decision.DIGEST_BYTES] : bytes(random),
                LeafMode.FAST,
                Optional.empty());
    }

    /** A request with a plan for two of four attempts on target 1, then 2, then 3. */
    public static PlannedRequest planned(long counter, long snapshot) {
        Intent intent = decision(new Random(counter), counter).intent();
        return new PlannedRequest(
                new RequestId(LANE, counter),
                new Intent(
                        intent.arrivalMillis(),
                        intent.tenant(),
                        intent.route(),
                        intent.operation(),
                        LeafMode.CONFIRMED_RESPONSE,
                        intent.budget(),
                        intent.form(),
                        intent.bodyDigest(),
                        "",
                        ""),
                new Plan(snapshot, snapshot, snapshot, 3, 0, 1, 0, List.of(1, 1, 2, 3)),
                0,
                today() + counter + 40);
    }

    /** How it ended: served at the third attempt, by the target that was pinned for it. */
    public static Decision carriedOut(PlannedRequest planned) {
        return new Decision(
                planned.id(),
                planned.intent(),
                DecisionStatus.SERVED,
                IntStream.rangeClosed(1, 3)
                        .mapToObj(number -> new AttemptRecord(
                                number,
                                0,
                                planned.plan().target(number),
                                number == 3 ? Trigger.NONE : Trigger.SERVER_ERROR,
                                number == 3 ? 200 : 500,
                                1_000L * number,
                                900,
                                ""))
                        .toList(),
                0,
                planned.plan().first(),
                0,
                planned.plan().target(3),
                Trigger.SERVER_ERROR,
                Attribution.NONE,
                0,
                TimeSplit.ZERO,
                new byte[Decision.DIGEST_BYTES],
                planned.intent().mode(),
                Optional.of(planned.plan()));
    }

    /** A snapshot in which nothing was. */
    public static byte[] snapshot(long number) {
        return SnapshotEncoding.encode(
                new Snapshot(number, today() + number, Hash32.ZERO, 5, List.of(), List.of(), List.of(), List.of()));
    }

    /** Snapshots from the first to the last, each with a plan of the request of that number, and these outcomes. */
    public static BatchInput taken(long first, long last, List<Placed> outcomes) {
        List<PlanSource.Entry> entries = new ArrayList<>();
        for (long number = first; number <= last; number++) {
            JournalOffset behind = new JournalOffset(number, 1);
            entries.add(new PlanSource.Entry.OfSnapshot(number, snapshot(number), behind));
            entries.add(new PlanSource.Entry.OfPlan(planned(number, number), behind));
        }
        return new BatchInput(entries, new JournalOffset(last + 1, 0), outcomes, new JournalOffset(1, outcomes.size()));
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[Decision.DIGEST_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }
}
