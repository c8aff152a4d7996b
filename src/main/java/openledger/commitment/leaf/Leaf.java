package openledger.commitment.leaf;

import java.util.List;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Route;
import openledger.routing.Trigger;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;

/**
 * The record of one request in a batch: the plan that was pinned for it, or how it ended. No prompt, answer, key or name of a tenant is in
 * it; anybody who knows the request's id, body and salt can recompute {@code request}.
 *
 * @param request {@link RequestCommitment} of the request, and its number
 * @param mode how its route was settled
 * @param cohort bucket of its tenant, 0 to 63
 * @param route version of the route
 * @param budget the route's retry budget, 1 to 64
 * @param attempts spent so far, 0 to 255; more than the budget is a misroute, not a wrong form
 * @param timeMillis Unix ms, 48 bits: the arrival of a request that ended, the pinning of a plan
 * @param snapshot number of the snapshot the plan was made from, {@link #NO_SNAPSHOT} if there is no plan
 * @param selectedTier tier of the target selected first, {@link #NO_TIER} if there is none
 * @param selectedTarget target selected first, {@link #NO_TARGET} if there is none
 * @param trigger of the last attempt that did not serve
 * @param plan pinned targets, for attempt 1 and on; at most 8; empty in mode FAST
 * @param stage plan or end
 */
public record Leaf(
        RequestKey request,
        LeafMode mode,
        int cohort,
        RouteId route,
        int budget,
        int attempts,
        long timeMillis,
        long snapshot,
        int selectedTier,
        int selectedTarget,
        Trigger trigger,
        List<Integer> plan,
        Stage stage) {
    public static final int COHORTS = 64;
    public static final int LONGEST_PLAN = 8;
    public static final int NO_TIER = 0xff;
    public static final int NO_TARGET = 0xffff;
    public static final long NO_SNAPSHOT = 0xffff_ffffL;

    private static final int U8 = 0xff;
    private static final int U16 = 0xffff;
    private static final long U32 = 0xffff_ffffL;
    private static final long U48 = 0xffff_ffff_ffffL;

    public Leaf {
        within("cohort", cohort, 0, COHORTS - 1);
        within("budget", budget, 1, Route.LARGEST_BUDGET);
        within("attempts", attempts, 0, U8);
        within("time", timeMillis, 0, U48);
        within("snapshot", snapshot, 0, U32);
        tier("selected tier", selectedTier);
        within("selected target", selectedTarget, 0, U16);
        within("plan targets", plan.size(), 0, LONGEST_PLAN);
        plan.forEach(target -> within("plan target", target, 0, NO_TARGET - 1));
        plan = List.copyOf(plan);
        if (stage instanceof Stage.Planned && plan.isEmpty()) {
            throw new IllegalArgumentException("plan: at least one place");
        }
        if (mode == LeafMode.FAST && (snapshot != NO_SNAPSHOT || !plan.isEmpty() || stage instanceof Stage.Planned)) {
            throw new IllegalArgumentException("mode: FAST has neither snapshot nor plan");
        }
    }

    private static void within(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(field + ": " + least + ".." + most + ", not " + value);
        }
    }

    private static void tier(String field, int tier) {
        if (tier != NO_TIER) {
            within(field, tier, 0, Route.MOST_TIERS - 1);
        }
    }

    /** Which of the two leaves of a request it is. */
    public sealed interface Stage {
        /**
         * A plan that was pinned and not yet carried out. All numbers are u32.
         *
         * @param turn epoch in which the request could first be chosen
         * @param arrival snapshot that ended its epoch of arrival: its retry grid begins there
         * @param rank among the open requests
         * @param open how many requests were open
         */
        record Planned(long turn, long arrival, long rank, long open) implements Stage {
            public Planned {
                within("turn", turn, 0, U32);
                within("arrival", arrival, 0, U32);
                within("rank", rank, 0, U32);
                within("open", open, 0, U32);
            }
        }

        /**
         * How the request ended.
         *
         * @param status its end
         * @param servedTier tier that served, {@link Leaf#NO_TIER} if none
         * @param servedTarget target that served, {@link Leaf#NO_TARGET} if none
         * @param attribution why it did not get the best tier
         * @param resends that joined it, at most 255
         * @param totalMillis its whole time, u32, saturating
         * @param outcome {@link OutcomeCommitment}, 16 bytes
         */
        record Ended(
                DecisionStatus status,
                int servedTier,
                int servedTarget,
                Attribution attribution,
                int resends,
                long totalMillis,
                OutcomeCommitment outcome)
                implements Stage {
            public Ended {
                tier("served tier", servedTier);
                within("served target", servedTarget, 0, U16);
                within("resends", resends, 0, U8);
                within("total time", totalMillis, 0, U32);
            }
        }
    }
}
