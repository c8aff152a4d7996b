package openledger.settlement.cut;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.leaf.UsageRecord.Usage;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.PlannedRequest;
import openledger.inference.record.TokenUsage;
import openledger.routing.Plan;
import openledger.routing.Trigger;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/**
 * Makes a leaf of a plan or a decision, and the replay record beside it. The same decision gives the same leaf, so it can be made again at
 * any time. Remembers the tenants it has seen, so make one for each batch. Confined to one thread.
 */
public final class LeafMaker {
    private static final long MILLIS_A_DAY = 86_400_000;
    private static final long MICROS_A_MILLI = 1_000;
    private static final int MOST_RESENDS = 255;
    private static final long U32 = 0xffff_ffffL;

    private final LaneSecret secret;
    private final Map<TenantDay, Disguise> disguises = new HashMap<>();

    public LeafMaker(LaneSecret secret) {
        this.secret = secret;
    }

    /** The PLAN leaf of a confirmed request. */
    public Leaf plan(PlannedRequest planned) {
        Intent intent = planned.intent();
        Plan plan = planned.plan();
        return new Leaf(
                RequestCommitment.of(planned.id(), intent.bodyDigest(), secret.salt(planned.id())),
                intent.mode(),
                disguise(planned.id(), intent).cohort,
                intent.route(),
                intent.budget(),
                plan.spent(),
                planned.pinnedMillis(),
                plan.snapshot(),
                planned.tier(),
                plan.first(),
                plan.spent() > 0 ? Trigger.NO_CAPACITY : Trigger.NONE,
                plan.places(),
                new Leaf.Stage.Planned(
                        Math.min(plan.turn(), U32), Math.min(plan.arrival(), U32), plan.rank(), plan.open()));
    }

    /**
     * The OUTCOME leaf of a decision. With a plan, the target selected first is the first pinned one, and its tier is {@link
     * Leaf#NO_TIER} if the request ended before that was attempted: then only the PLAN leaf has it.
     */
    public Leaf outcome(Decision decision) {
        Intent intent = decision.intent();
        byte[] salt = secret.salt(decision.id());
        return new Leaf(
                RequestCommitment.of(decision.id(), intent.bodyDigest(), salt),
                decision.mode(),
                disguise(decision.id(), intent).cohort,
                intent.route(),
                intent.budget(),
                spent(decision),
                intent.arrivalMillis(),
                decision.plan().map(Plan::snapshot).orElse(Leaf.NO_SNAPSHOT),
                selectedTier(decision),
                decision.plan().map(Plan::first).orElse(decision.selectedTarget()),
                decision.trigger(),
                decision.plan().map(Plan::places).orElse(List.of()),
                new Leaf.Stage.Ended(
                        decision.status(),
                        decision.servedTier(),
                        decision.servedTarget(),
                        decision.attribution(),
                        Math.min(decision.resends(), MOST_RESENDS),
                        Math.min(decision.timeSplit().total() / MICROS_A_MILLI, U32),
                        OutcomeCommitment.of(
                                salt, decision.responseDigest(), upstreamRequestIds(decision), usage(decision))));
    }

    /** The record of a decision for those who replay. */
    public ReplayRecord replay(Decision decision) {
        return ReplayRecord.OfOutcome.of(decision, disguise(decision.id(), decision.intent()).tag);
    }

    /** The record of a plan for those who replay. */
    public ReplayRecord replay(PlannedRequest planned) {
        return ReplayRecord.OfPlan.of(planned, disguise(planned.id(), planned.intent()).tag);
    }

    /** The providers' names of a decision's attempts, in order, empty where there was none: what its leaf commits to. */
    public static List<String> upstreamRequestIds(Decision decision) {
        return decision.attempts().stream()
                .map(AttemptRecord::upstreamRequestId)
                .toList();
    }

    /** What the providers say that a decision's attempts took: what its leaf commits to. */
    public static UsageRecord usage(Decision decision) {
        return new UsageRecord(
                decision.attempts().stream()
                        .filter(attempt -> attempt.httpStatus() != 0)
                        .map(LeafMaker::usage)
                        .toList(),
                Hash32.ZERO);
    }

    private static Usage usage(AttemptRecord attempt) {
        TokenUsage took = attempt.detail().usage().orElse(TokenUsage.NONE);
        return new Usage(
                attempt.number(),
                took.input(),
                took.cached(),
                took.cacheWritten(),
                took.output(),
                took.reasoning(),
                attempt.detail().model());
    }

    /** What was spent before the plan stays spent, even if a crash took the record of how it went on. */
    private static int spent(Decision decision) {
        return Math.max(
                decision.attempts().size(), decision.plan().map(Plan::spent).orElse(0));
    }

    private static int selectedTier(Decision decision) {
        int first = 1 + decision.plan().map(Plan::spent).orElse(0);
        for (AttemptRecord attempt : decision.attempts()) {
            if (attempt.number() == first) {
                return attempt.tier();
            }
        }
        return Leaf.NO_TIER;
    }

    private Disguise disguise(RequestId id, Intent intent) {
        long day = Math.floorDiv(intent.arrivalMillis(), MILLIS_A_DAY);
        boolean isShared = secret.sharesCohort(id.counter());
        return disguises.computeIfAbsent(new TenantDay(intent.tenant(), day, isShared), key -> {
            LocalDate date = LocalDate.ofEpochDay(day);
            return new Disguise(secret.cohort(id.counter(), key.tenant, date), secret.tenantTag(key.tenant, date));
        });
    }

    private record TenantDay(String tenant, long epochDay, boolean isShared) {}

    /** What others see in place of a tenant on a day. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares it
    private record Disguise(int cohort, byte[] tag) {}
}
