package openledger.settlement;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.commitment.AnswerCommitment;
import openledger.commitment.LaneSecret;
import openledger.commitment.Leaf;
import openledger.commitment.RequestCommitment;
import openledger.inference.AttemptRecord;
import openledger.inference.Decision;
import openledger.inference.Intent;
import openledger.inference.PlannedRequest;
import openledger.inference.TimeSplit;
import openledger.routing.Plan;
import openledger.routing.Trigger;

/**
 * Makes a leaf of a decision, and what those who replay need beside it. The same decision gives the same leaf, so it can be
 * made again at any time. Remembers the tenants it has seen, so make one for each batch. Confined to one thread.
 */
public final class LeafMaker {
    private static final long MILLIS_A_DAY = 86_400_000;
    private static final long MICROS_A_MILLI = 1_000;
    private static final int MOST_RESENDS = 255;
    private static final long LONGEST_MILLIS = 0xffff_ffffL;

    private final LaneSecret secret;
    private final Map<TenantDay, Disguise> disguises = new HashMap<>();

    public LeafMaker(LaneSecret secret) {
        this.secret = secret;
    }

    /** The OUTCOME leaf of a decision. */
    public Leaf outcome(Decision decision) {
        Intent intent = decision.intent();
        byte[] salt = secret.salt(decision.id());
        return new Leaf(
                RequestCommitment.of(decision.id(), intent.bodyDigest(), salt),
                decision.mode(),
                disguise(intent).cohort,
                intent.route(),
                intent.budget(),
                decision.attempts().size(),
                intent.arrivalMillis(),
                decision.plan().map(Plan::snapshot).orElse(Leaf.NO_SNAPSHOT),
                selectedTier(decision),
                decision.selectedTarget(),
                decision.trigger(),
                decision.plan().map(Plan::places).orElse(List.of()),
                new Leaf.Stage.Ended(
                        decision.status(),
                        decision.servedTier(),
                        decision.servedTarget(),
                        decision.attribution(),
                        Math.min(decision.resends(), MOST_RESENDS),
                        Math.min(decision.timeSplit().total() / MICROS_A_MILLI, LONGEST_MILLIS),
                        AnswerCommitment.of(salt, decision.responseDigest(), upstreamRequestIds(decision))));
    }

    /** The PLAN leaf of a request. */
    public Leaf plan(PlannedRequest planned) {
        Intent intent = planned.intent();
        Plan plan = planned.plan();
        return new Leaf(
                RequestCommitment.of(planned.id(), intent.bodyDigest(), secret.salt(planned.id())),
                intent.mode(),
                disguise(intent).cohort,
                intent.route(),
                intent.budget(),
                plan.spent(),
                planned.pinnedMillis(),
                plan.snapshot(),
                planned.tier(),
                plan.first(),
                Trigger.NONE,
                plan.places(),
                new Leaf.Stage.Planned(plan.turn(), plan.deficit(), plan.rank(), plan.open()));
    }

    /** The record of a plan for those who replay. */
    public ReplayRecord replay(PlannedRequest planned) {
        return new ReplayRecord(
                planned.id().counter(), disguise(planned.intent()).tag, 0, 0, TimeSplit.ZERO, List.of());
    }

    /** The record of a decision for those who replay. */
    public ReplayRecord replay(Decision decision) {
        return ReplayRecord.of(decision, disguise(decision.intent()).tag);
    }

    /** The providers' names of a decision's attempts, in order, empty where there was none: what its leaf commits to. */
    public static List<String> upstreamRequestIds(Decision decision) {
        return decision.attempts().stream()
                .map(AttemptRecord::upstreamRequestId)
                .toList();
    }

    private static int selectedTier(Decision decision) {
        for (AttemptRecord attempt : decision.attempts()) {
            if (attempt.number() == 1) {
                return attempt.tier();
            }
        }
        return Leaf.NO_TIER;
    }

    private Disguise disguise(Intent intent) {
        long day = Math.floorDiv(intent.arrivalMillis(), MILLIS_A_DAY);
        return disguises.computeIfAbsent(new TenantDay(intent.tenant(), day), key -> {
            LocalDate date = LocalDate.ofEpochDay(day);
            return new Disguise(secret.cohort(key.tenant, date), secret.tenantTag(key.tenant, date));
        });
    }

    private record TenantDay(String tenant, long epochDay) {}

    /** What others see in place of a tenant on a day. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares it
    private record Disguise(int cohort, byte[] tag) {}
}
