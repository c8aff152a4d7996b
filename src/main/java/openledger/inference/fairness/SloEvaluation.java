package openledger.inference.fairness;

import java.time.Duration;
import java.util.List;
import openledger.fairness.Attribution;
import openledger.fairness.Slo;
import openledger.fairness.Verdict;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.routing.DecisionStatus;
import openledger.routing.Plan;
import openledger.routing.Route;
import openledger.unit.TargetId;

/** Evaluates a finished request against each service level objective. Pure. */
final class SloEvaluation {
    /** The most that we may add ourselves; an edge of the buckets in which it is measured. */
    static final Duration MOST_OVERHEAD = Duration.ofMillis(10);

    private static final long MICROS_A_MILLI = 1_000;

    private SloEvaluation() {}

    /** Who hears the verdicts. */
    @FunctionalInterface
    interface Listener {
        void judged(Slo slo, Verdict verdict);
    }

    /** Tells each verdict on {@code decision}; an objective that does not count it is not told. */
    static void of(Route route, Decision decision, Listener to) {
        switch (decision.status()) {
            case SERVED, FELL_BACK, EXHAUSTED -> {
                to.judged(Slo.ENTITLEMENT_HONOURED, Verdict.goodIf(isEntitlementHonoured(route, decision)));
                to.judged(Slo.AVAILABILITY, Verdict.goodIf(decision.status() != DecisionStatus.EXHAUSTED));
            }
            case INTERRUPTED, UNCONFIRMED, TIMED_OUT -> to.judged(Slo.AVAILABILITY, Verdict.BAD);
            case REJECTED, CANCELLED -> {}
        }
        to.judged(Slo.NOT_SELECTIVELY_EXHAUSTED, Verdict.goodIf(decision.attribution() != Attribution.SELECTIVE));
        long overhead = decision.timeSplit().overhead();
        to.judged(Slo.LATENCY_OVERHEAD, Verdict.goodIf(overhead <= MOST_OVERHEAD.toMillis() * MICROS_A_MILLI));
        decision.plan()
                .ifPresent(plan -> to.judged(Slo.EXECUTED_AS_COMMITTED, Verdict.goodIf(follows(decision, plan))));
    }

    /** Every tier above the one that served has had all of its attempts, and the budget was the route's. */
    private static boolean isEntitlementHonoured(Route route, Decision decision) {
        int left = decision.status() == DecisionStatus.EXHAUSTED ? route.tiers().size() : decision.servedTier();
        int spent = 0;
        for (AttemptRecord attempt : decision.attempts()) {
            spent += attempt.tier() < left ? 1 : 0;
        }
        int owed = left == 0 ? 0 : route.upTo(left - 1);
        return spent >= owed && decision.intent().budget() == route.budget();
    }

    /** Every call went to its place in the plan. */
    private static boolean follows(Decision decision, Plan plan) {
        List<Integer> places = plan.places();
        for (AttemptRecord attempt : decision.attempts()) {
            boolean called = attempt.number() > plan.spent() && attempt.target() != TargetId.NONE;
            if (called && (attempt.number() > places.size() || attempt.target() != plan.target(attempt.number()))) {
                return false;
            }
        }
        return true;
    }
}
