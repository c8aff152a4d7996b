package openledger.settlement.cut;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import openledger.commitment.leaf.LaneSecret;
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
import openledger.settlement.TestDecisions;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.PlanSource.Entry;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/**
 * A small router that serves requests of every kind by the rules, on five routes and in every mode, with hedges, crashes, clients that leave
 * and answers that are let go; its batches are made as the product makes them. It has no allocator, so its plans are in no public order.
 * The same seed makes the same batches. Confined to one thread. Long because every way that a request can end is here.
 */
public final class HonestRouter {
    /** Cumulative attempts of each route, by its number. */
    public static final List<List<Integer>> ROUTES =
            List.of(List.of(1), List.of(3, 4), List.of(1, 2, 5, 8), List.of(2, 4, 6), List.of(8));

    private static final int EACH = 250;
    private static final long START = 1_795_600_000_000L;

    private final Random random;
    private final Set<DecisionStatus> statuses = EnumSet.noneOf(DecisionStatus.class);
    private final Set<LeafMode> modes = EnumSet.noneOf(LeafMode.class);
    private final BatchAssembly assembly = new BatchAssembly(
            901,
            Address.of(new byte[Address.BYTES]),
            new LaneId(TestDecisions.LANE),
            new LaneSecret(new byte[LaneSecret.BYTES]));
    private final List<Decision> open = new ArrayList<>();
    private final int requests;
    private Predecessor before = Predecessor.NONE;
    private long counter;
    private long snapshots;

    /** A router that will have so many requests. */
    public HonestRouter(long seed, int requests) {
        this.random = new Random(seed);
        this.requests = requests;
    }

    /** The next batch; empty once all requests have ended. */
    public Optional<CutBatch> next() {
        if (counter == requests && open.isEmpty()) {
            return Optional.empty();
        }
        List<Entry> plans = new ArrayList<>();
        for (int i = 0; i < EACH && counter < requests; i++) {
            long known = snapshots;
            Recorded recorded = request(++counter);
            open.add(recorded.decision);
            for (long number = known + 1; number <= snapshots; number++) {
                plans.add(new Entry.OfSnapshot(number, new byte[] {1}, JournalOffset.START));
            }
            recorded.plan.ifPresent(plan -> plans.add(new Entry.OfPlan(plan, JournalOffset.START)));
        }
        CutBatch cut = assembly.cut(
                before, Hash32.ZERO, new BatchInput(plans, JournalOffset.START, ended(), JournalOffset.START));
        before = Predecessor.of(cut);
        return Optional.of(cut);
    }

    /** Ends that there have been so far. */
    public Set<DecisionStatus> statuses() {
        return EnumSet.copyOf(statuses);
    }

    /** Modes that there have been so far. */
    public Set<LeafMode> modes() {
        return EnumSet.copyOf(modes);
    }

    /** A request as a router has recorded it. */
    private record Recorded(Optional<PlannedRequest> plan, Decision decision) {}

    private static int tierAfter(List<Integer> upTo, int attempts) {
        int tier = 0;
        while (attempts >= upTo.get(tier)) {
            tier++;
        }
        return tier;
    }

    private Recorded request(long counter) {
        int route = random.nextInt(ROUTES.size());
        List<Integer> upTo = ROUTES.get(route);
        LeafMode mode = random.nextInt(3) > 0
                ? LeafMode.FAST
                : random.nextBoolean() ? LeafMode.CONFIRMED_RESPONSE : LeafMode.CONFIRMED_DISPATCH;
        Intent intent = new Intent(
                START + 10 * counter,
                "tenant-" + random.nextInt(20),
                new RouteId(route),
                Operation.CHAT,
                mode,
                upTo.getLast(),
                AnswerForm.STREAM,
                new byte[Decision.DIGEST_BYTES],
                "",
                "");
        return mode == LeafMode.FAST
                ? new Recorded(Optional.empty(), new Walk(counter, intent, upTo, Optional.empty()).end())
                : confirmed(counter, intent, upTo);
    }

    private Recorded confirmed(long counter, Intent intent, List<Integer> upTo) {
        int held = random.nextInt(3) == 0 ? random.nextInt(upTo.getLast() + 1) : 0;
        if (held == upTo.getLast() || random.nextInt(10) == 0) {
            Walk walk = new Walk(counter, intent, upTo, Optional.empty());
            walk.held(held);
            DecisionStatus status = held == upTo.getLast()
                    ? DecisionStatus.EXHAUSTED
                    : random.nextBoolean() ? DecisionStatus.CANCELLED : DecisionStatus.TIMED_OUT;
            return new Recorded(Optional.empty(), walk.unserved(status));
        }
        List<Integer> places = new ArrayList<>();
        for (int attempt = 0; attempt < upTo.getLast(); attempt++) {
            places.add(10 * tierAfter(upTo, attempt) + random.nextInt(3));
        }
        snapshots++;
        Plan plan = new Plan(
                snapshots,
                Math.max(1, snapshots - held),
                snapshots + (random.nextInt(3) == 0 ? 30 : 0),
                random.nextInt(100),
                random.nextInt(5),
                5,
                held,
                places);
        PlannedRequest planned = new PlannedRequest(
                new RequestId(TestDecisions.LANE, counter),
                intent,
                plan,
                tierAfter(upTo, held),
                intent.arrivalMillis() + 100);
        Walk walk = new Walk(counter, intent, upTo, Optional.of(plan));
        walk.held(held);
        return new Recorded(Optional.of(planned), walk.end());
    }

    /** A request on its way through its attempts. */
    private final class Walk {
        private final long counter;
        private final Intent intent;
        private final List<Integer> upTo;
        private final Optional<Plan> plan;
        private final List<AttemptRecord> attempts = new ArrayList<>();
        private int tier = Decision.NO_TIER;
        private int target = TargetId.NONE;

        Walk(long counter, Intent intent, List<Integer> upTo, Optional<Plan> plan) {
            this.counter = counter;
            this.intent = intent;
            this.upTo = upTo;
            this.plan = plan;
        }

        void held(int spent) {
            for (int i = 0; i < spent; i++) {
                take(TargetId.NONE, Trigger.NO_CAPACITY);
            }
        }

        private void take(int of, Trigger trigger) {
            int number = attempts.size() + 1;
            attempts.add(new AttemptRecord(number, tierAfter(upTo, number - 1), of, trigger, 0, 0, 0, ""));
        }

        private int next() {
            int spent = attempts.size();
            return plan.map(known -> known.target(spent + 1))
                    .orElseGet(() -> 10 * tierAfter(upTo, spent) + random.nextInt(3));
        }

        private void serve() {
            tier = tierAfter(upTo, attempts.size());
            target = next();
            take(target, Trigger.NONE);
            // A hedge that lost; a plan has none.
            if (plan.isEmpty() && attempts.size() < upTo.getLast() && random.nextInt(4) == 0) {
                take(next(), Trigger.NONE);
            }
        }

        Decision end() {
            while (attempts.size() < upTo.getLast()) {
                switch (random.nextInt(16)) {
                    case 0 -> {
                        return unserved(DecisionStatus.CANCELLED);
                    }
                    case 1 -> {
                        return unserved(DecisionStatus.TIMED_OUT);
                    }
                    case 2 -> {
                        take(next(), Trigger.NONE);
                        return unserved(DecisionStatus.REJECTED);
                    }
                    case 3 -> {
                        // Of the attempts before a crash some may not be known.
                        attempts.subList(random.nextInt(attempts.size() + 1), attempts.size())
                                .clear();
                        return unserved(DecisionStatus.INTERRUPTED);
                    }
                    case 4 -> {
                        serve();
                        return decision(DecisionStatus.CANCELLED);
                    }
                    case 5 -> {
                        serve();
                        return decision(DecisionStatus.INTERRUPTED);
                    }
                    case 6 -> {
                        if (plan.isPresent()) {
                            take(next(), Trigger.NONE);
                            return unserved(DecisionStatus.UNCONFIRMED);
                        }
                    }
                    case 7, 8, 9 -> {
                        serve();
                        return decision(tier == 0 ? DecisionStatus.SERVED : DecisionStatus.FELL_BACK);
                    }
                    default -> take(next(), Trigger.RATE_LIMITED);
                }
            }
            return unserved(DecisionStatus.EXHAUSTED);
        }

        Decision unserved(DecisionStatus status) {
            return decision(status);
        }

        private Decision decision(DecisionStatus status) {
            statuses.add(status);
            LeafMode mode = random.nextInt(5) == 0 ? intent.mode().released() : intent.mode();
            modes.add(mode);
            return new Decision(
                    new RequestId(TestDecisions.LANE, counter),
                    intent,
                    status,
                    List.copyOf(attempts),
                    random.nextInt(3),
                    plan.map(Plan::first)
                            .orElseGet(() -> attempts.isEmpty()
                                    ? TargetId.NONE
                                    : attempts.getFirst().target()),
                    tier,
                    target,
                    Trigger.NONE,
                    Attribution.NONE,
                    0,
                    TimeSplit.ZERO,
                    new byte[Decision.DIGEST_BYTES],
                    mode,
                    plan);
        }
    }

    /** Some of those that are open, in any order; of few all. */
    private List<Placed> ended() {
        List<Placed> ended = new ArrayList<>();
        boolean areAll = counter == requests && open.size() < EACH;
        for (Decision decision : List.copyOf(open)) {
            if (areAll || (ended.size() < 2 * EACH && random.nextInt(3) > 0)) {
                ended.add(random.nextInt(ended.size() + 1), new Placed(decision, JournalOffset.START));
                open.remove(decision);
            }
        }
        return ended;
    }
}
