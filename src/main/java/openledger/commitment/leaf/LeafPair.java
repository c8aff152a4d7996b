package openledger.commitment.leaf;

import java.util.Optional;
import openledger.commitment.leaf.Leaf.Stage;

/**
 * The two leaves of one request: what was pinned for it, and how it ended. Pure.
 *
 * @param plan a leaf in {@link Stage.Planned}
 * @param outcome a leaf in {@link Stage.Ended}
 */
public record LeafPair(Leaf plan, Leaf outcome) {
    /**
     * Reads two leaves.
     *
     * @throws IllegalArgumentException that says what is wrong unless these are a plan and an outcome
     */
    public static LeafPair decode(byte[] plan, byte[] outcome) {
        LeafPair pair = new LeafPair(LeafEncoding.decode(plan), LeafEncoding.decode(outcome));
        if (!(pair.plan.stage() instanceof Stage.Planned) || !(pair.outcome.stage() instanceof Stage.Ended)) {
            throw new IllegalArgumentException("kind: a plan and an outcome");
        }
        return pair;
    }

    /** What of the outcome does not follow the plan, as a sentence for a person; empty if all does. */
    public Optional<String> breach() {
        if (!plan.request().equals(outcome.request())) {
            return Optional.of("Plan and outcome are of different requests.");
        }
        if (outcome.mode() != plan.mode() && outcome.mode() != plan.mode().released()) {
            return Optional.of("It was pinned in mode " + plan.mode() + " and ended in mode " + outcome.mode() + ".");
        }
        if (!plan.route().equals(outcome.route()) || plan.budget() != outcome.budget()) {
            return Optional.of("It was pinned on route " + plan.route().value() + " with a budget of " + plan.budget()
                    + " and ended on route " + outcome.route().value() + " with a budget of " + outcome.budget() + ".");
        }
        if (plan.snapshot() != outcome.snapshot() || !plan.plan().equals(outcome.plan())) {
            return Optional.of("The outcome names another plan: " + outcome.plan() + " of snapshot "
                    + outcome.snapshot() + ", not " + plan.plan() + " of snapshot " + plan.snapshot() + ".");
        }
        if (outcome.attempts() < plan.attempts() || outcome.attempts() > outcome.budget()) {
            return Optional.of("It ended after " + outcome.attempts() + " attempts, of which " + plan.attempts()
                    + " were spent when it was pinned, with a budget of " + outcome.budget() + ".");
        }
        return outcome.stage() instanceof Stage.Ended ended && ended.servedTarget() != Leaf.NO_TARGET
                ? servedByAnother(ended.servedTarget())
                : Optional.empty();
    }

    private Optional<String> servedByAnother(int target) {
        int attempts = outcome.attempts();
        if (attempts == 0 || attempts > plan.plan().size()) {
            return Optional.of("It was served by attempt " + attempts + ", for which nothing was pinned.");
        }
        int pinned = plan.plan().get(attempts - 1);
        return pinned == target
                ? Optional.empty()
                : Optional.of("Attempt " + attempts + " was served by target " + target + ", but target " + pinned
                        + " was pinned for it.");
    }
}
