package openledger.commitment.leaf;

import java.util.List;
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
        return of(LeafEncoding.decode(plan), LeafEncoding.decode(outcome));
    }

    /** Two leaves that were read; fails as {@link #decode}. */
    static LeafPair of(Leaf plan, Leaf outcome) {
        if (!(plan.stage() instanceof Stage.Planned) || !(outcome.stage() instanceof Stage.Ended)) {
            throw new IllegalArgumentException("kind: a plan and an outcome");
        }
        return new LeafPair(plan, outcome);
    }

    /** What of the outcome does not follow the plan, as a sentence for a person; empty if all does. */
    public Optional<String> breach() {
        return fault().map(Breach::why);
    }

    /** The same with its fault. */
    public Optional<Breach> fault() {
        Optional<Breach> other = continuation();
        return other.isEmpty() && outcome.stage() instanceof Stage.Ended ended && ended.servedTarget() != Leaf.NO_TARGET
                ? servedBy(plan.plan(), outcome.attempts(), ended.servedTarget())
                : other;
    }

    /** What of the outcome is of another plan, or of other rules. */
    public Optional<Breach> continuation() {
        if (!plan.request().equals(outcome.request())) {
            return other("Plan and outcome are of different requests.");
        }
        if (outcome.mode() != plan.mode() && outcome.mode() != plan.mode().released()) {
            return other("It was pinned in mode " + plan.mode() + " and ended in mode " + outcome.mode() + ".");
        }
        if (!plan.route().equals(outcome.route()) || plan.budget() != outcome.budget()) {
            return other("It was pinned on route " + plan.route().value() + " with a budget of " + plan.budget()
                    + " and ended on route " + outcome.route().value() + " with a budget of " + outcome.budget() + ".");
        }
        if (plan.snapshot() != outcome.snapshot() || !plan.plan().equals(outcome.plan())) {
            return other("The outcome names another plan: " + outcome.plan() + " of snapshot " + outcome.snapshot()
                    + ", not " + plan.plan() + " of snapshot " + plan.snapshot() + ".");
        }
        return outcome.attempts() < plan.attempts() || outcome.attempts() > outcome.budget()
                ? other("It ended after " + outcome.attempts() + " attempts, of which " + plan.attempts()
                        + " were spent when it was pinned, with a budget of " + outcome.budget() + ".")
                : Optional.empty();
    }

    private static Optional<Breach> other(String why) {
        return Optional.of(new Breach(ProvableFault.NOT_AS_PLANNED, why));
    }

    /** A plan that is in a later batch than its outcome was not committed before it was carried out. */
    public static Optional<Breach> late(long planSequence, long outcomeSequence) {
        return planSequence <= outcomeSequence
                ? Optional.empty()
                : Optional.of(new Breach(
                        ProvableFault.PLAN_AFTER_OUTCOME,
                        "The plan is in batch " + planSequence + ", after the outcome in batch " + outcomeSequence
                                + ": it was not committed before it was carried out."));
    }

    static Optional<Breach> servedBy(List<Integer> plan, int attempts, int target) {
        if (attempts == 0 || attempts > plan.size()) {
            return other("It was served by attempt " + attempts + ", for which nothing was pinned.");
        }
        int pinned = plan.get(attempts - 1);
        return pinned == target
                ? Optional.empty()
                : other("Attempt " + attempts + " was served by target " + target + ", but target " + pinned
                        + " was pinned for it.");
    }
}
