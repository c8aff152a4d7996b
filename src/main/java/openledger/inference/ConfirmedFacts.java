package openledger.inference;

import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.PlanLevel;
import openledger.routing.Plan;

/**
 * The facts of an answer about the confirmation of its plan.
 *
 * @param plan the pinned plan
 * @param reached the level that was waited for; empty if the plan has not reached it
 * @param holdMicros it waited for its plan
 * @param confirmMicros from the pin until the level was reached, or the wait was given up
 */
public record ConfirmedFacts(Plan plan, Optional<PlanLevel> reached, long holdMicros, long confirmMicros) {
    /** What the plan has reached, in the word for it: a plan that is pinned is recorded at least. */
    public String level() {
        return reached.map(PlanLevel::name).orElse(ConfirmationLevel.RECORDED.name());
    }
}
