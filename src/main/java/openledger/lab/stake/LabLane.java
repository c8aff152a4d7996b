package openledger.lab.stake;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import openledger.audit.PublishedBatch;
import openledger.commitment.BatchHeader;
import openledger.commitment.SnapshotEncoding;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.RequestCommitment;
import openledger.fairness.Attribution;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.PlannedRequest;
import openledger.inference.record.TimeSplit;
import openledger.inference.upstream.AnswerForm;
import openledger.lab.engine.Arrival;
import openledger.routing.DecisionStatus;
import openledger.routing.Operation;
import openledger.routing.Plan;
import openledger.routing.RouteShape;
import openledger.routing.Trigger;
import openledger.routing.allocation.Snapshot;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.BatchInput;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.JournalOffset;
import openledger.settlement.cut.PlanSource.Entry;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;

/**
 * The publications of simulated confirmed requests: their commitments, and the product's leaves and batches of their plans and ends.
 * Confined to one thread.
 */
public final class LabLane {
    public static final LaneId LANE = new LaneId(1);

    /** Eight in the morning, so that no run comes to midnight, when the tags of tenants change. */
    private static final long START_MILLIS = 1_800_000_000_000L;

    private static final long MILLIS_A_DAY = 86_400_000;
    private static final long CHAIN = 901;
    private static final double MICROS_A_MILLI = 1e3;

    private final RouteShape route;
    private final LaneSecret secret;
    private final Map<Integer, TenantTag> tags = new HashMap<>();
    private final List<Written> plans = new ArrayList<>();
    private final List<End> ends = new ArrayList<>();

    private record End(double millis, Decision decision) {}

    /** A snapshot or a plan; what is never published is never encoded. */
    private record Written(double millis, Supplier<Entry> entry) {}

    public LabLane(RouteShape route, long seed) {
        this.route = route;
        this.secret = new LaneSecret(
                ByteBuffer.allocate(LaneSecret.BYTES).putLong(seed).array());
    }

    /** The day of all of it, Unix ms at a moment of virtual time. */
    public static long unixMillis(double millis) {
        return START_MILLIS + (long) millis;
    }

    /** What stands for a request in public. */
    public RequestKey key(Arrival arrival) {
        RequestId id = id(arrival);
        return RequestCommitment.of(id, digest(arrival), secret.salt(id));
    }

    /** What stands for a tenant in public. */
    public TenantTag tag(int tenant) {
        LocalDate day = LocalDate.ofEpochDay(START_MILLIS / MILLIS_A_DAY);
        return tags.computeIfAbsent(tenant, number -> TenantTag.of(secret.tenantTag(name(number), day)));
    }

    /** A request's number in the lane. */
    public static long counter(Arrival arrival) {
        return arrival.number() + 1L;
    }

    private static RequestId id(Arrival arrival) {
        return new RequestId(LANE.value(), counter(arrival));
    }

    private static String name(int tenant) {
        return "tenant-" + tenant;
    }

    private static byte[] digest(Arrival arrival) {
        return ByteBuffer.allocate(Decision.DIGEST_BYTES)
                .putLong(arrival.luck())
                .array();
    }

    private Intent intent(Arrival arrival) {
        return new Intent(
                unixMillis(arrival.millis()),
                name(arrival.tenant()),
                route.id(),
                Operation.CHAT,
                LeafMode.CONFIRMED_DISPATCH,
                route.budget(),
                AnswerForm.STREAM,
                digest(arrival),
                "",
                "");
    }

    /** A snapshot was taken; before its plans. */
    public void snapshot(Snapshot snapshot, double millis) {
        JournalOffset behind = place();
        plans.add(new Written(
                millis, () -> new Entry.OfSnapshot(snapshot.number(), SnapshotEncoding.encode(snapshot), behind)));
    }

    /** A plan was published. */
    public void plan(Arrival arrival, Plan plan, int tier, double millis) {
        JournalOffset behind = place();
        plans.add(new Written(millis, () -> {
            Intent intent = intent(arrival);
            return new Entry.OfPlan(new PlannedRequest(id(arrival), intent, plan, tier, unixMillis(millis)), behind);
        }));
    }

    private JournalOffset place() {
        return new JournalOffset(plans.size() + 1L, 0);
    }

    /**
     * A request ended, and this was published of it.
     *
     * @param plan the plan that the outcome names
     * @param attempts how many were spent, held ones included
     * @param tier that is said to have served
     * @param target that is said to have served
     * @param millis when
     */
    public void end(Arrival arrival, Plan plan, int attempts, int tier, int target, double millis) {
        List<AttemptRecord> records = new ArrayList<>();
        for (int number = 1; number <= attempts; number++) {
            boolean held = number <= plan.spent();
            boolean served = number == attempts;
            records.add(new AttemptRecord(
                    number,
                    route.tierAfter(number - 1),
                    served ? target : held ? TargetId.NONE : plan.target(number),
                    served ? Trigger.NONE : held ? Trigger.NO_CAPACITY : Trigger.RATE_LIMITED,
                    0,
                    0,
                    0,
                    ""));
        }
        long micros = (long) ((millis - arrival.millis()) * MICROS_A_MILLI);
        Decision decision = new Decision(
                id(arrival),
                intent(arrival),
                tier == 0 ? DecisionStatus.SERVED : DecisionStatus.FELL_BACK,
                records,
                0,
                plan.first(),
                tier,
                target,
                attempts > 1 ? Trigger.RATE_LIMITED : Trigger.NONE,
                Attribution.NONE,
                0,
                new TimeSplit(0, 0, 0, 0, 0, micros, 0, 0),
                new byte[Decision.DIGEST_BYTES],
                LeafMode.CONFIRMED_DISPATCH,
                Optional.of(plan));
        ends.add(new End(millis, decision));
    }

    /** All of it, in full batches as far as it goes. */
    public List<PublishedBatch> publish() {
        ends.sort(Comparator.comparingDouble(End::millis));
        BatchAssembly assembly = new BatchAssembly(CHAIN, Address.of(new byte[Address.BYTES]), LANE, secret);
        List<PublishedBatch> batches = new ArrayList<>();
        Predecessor before = Predecessor.NONE;
        int plan = 0;
        int end = 0;
        while (plan < plans.size() || end < ends.size()) {
            List<Entry> entries = new ArrayList<>();
            List<Placed> decisions = new ArrayList<>();
            int leaves = 0;
            while (leaves < BatchHeader.MOST_LEAVES && (plan < plans.size() || end < ends.size())) {
                if (isPlanNext(plan, end)) {
                    Entry entry = plans.get(plan++).entry.get();
                    entries.add(entry);
                    leaves += entry instanceof Entry.OfPlan ? 1 : 0;
                } else {
                    decisions.add(new Placed(ends.get(end++).decision(), new JournalOffset(1, end)));
                    leaves++;
                }
            }
            if (leaves == 0) {
                break;
            }
            CutBatch cut = assembly.cut(
                    before,
                    Hash32.ZERO,
                    new BatchInput(entries, new JournalOffset(plan + 1L, 0), decisions, new JournalOffset(1, end)));
            batches.add(PublishedBatch.of(cut.header(), before.log().trees(), cut.leaves(), cut.snapshots()));
            before = Predecessor.of(cut);
        }
        return batches;
    }

    private boolean isPlanNext(int plan, int end) {
        return plan < plans.size()
                && (end == ends.size()
                        || plans.get(plan).millis <= ends.get(end).millis());
    }
}
