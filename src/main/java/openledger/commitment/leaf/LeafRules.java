package openledger.commitment.leaf;

import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.routing.DecisionStatus;

/** The rules that a single leaf can be seen to break, one by one; {@link LeafFaults} has them together. Pure. */
public final class LeafRules {
    private LeafRules() {}

    /** Number, time and snapshot lie in the range that the batch's header gives. */
    public static Optional<Breach> outside(Leaf leaf, BatchHeader header) {
        Optional<Breach> number = number(leaf.request().counter(), header);
        if (number.isPresent()) {
            return number;
        }
        if (leaf.timeMillis() < header.firstMillis() || leaf.timeMillis() > header.lastMillis()) {
            return outside("The leaf's time " + leaf.timeMillis() + " is not between the header's "
                    + header.firstMillis() + " and " + header.lastMillis() + ".");
        }
        return leaf.stage() instanceof Stage.Planned && leaf.snapshot() > header.lastSnapshot()
                ? outside("The plan is of snapshot " + leaf.snapshot() + ", but the batch ends with snapshot "
                        + header.lastSnapshot() + ".")
                : Optional.empty();
    }

    /** A request's number lies in the range that the batch's header gives. */
    public static Optional<Breach> number(long counter, BatchHeader header) {
        return counter < header.firstCounter() || counter > header.lastCounter()
                ? outside("The request has number " + counter + ", but the batch goes from " + header.firstCounter()
                        + " to " + header.lastCounter() + ".")
                : Optional.empty();
    }

    private static Optional<Breach> outside(String why) {
        return Optional.of(new Breach(ProvableFault.OUTSIDE_HEADER, why));
    }

    /** Attempts are within the budget, and whoever served was asked. */
    public static Optional<Breach> attempts(Leaf leaf) {
        if (leaf.attempts() == 0 && leaf.stage() instanceof Stage.Ended ended && ended.servedTier() != Leaf.NO_TIER) {
            return broken(ProvableFault.CONTRADICTS_ITSELF, "It was served, but no attempt was spent.");
        }
        return leaf.attempts() <= leaf.budget()
                ? Optional.empty()
                : broken(
                        ProvableFault.OVER_BUDGET,
                        leaf.attempts() + " attempts were spent of a budget of " + leaf.budget() + ".");
    }

    /** The budget is the published one. */
    public static Optional<Breach> budget(Leaf leaf, NodeTestimony<List<Integer>> published) {
        int route = leaf.route().value();
        if (!(published instanceof Said<List<Integer>>(var upTo))) {
            return Optional.empty();
        }
        if (upTo.isEmpty()) {
            return broken(
                    ProvableFault.ROUTE_UNPUBLISHED,
                    "The lane has published no route " + route + ", so nobody could know its budget.");
        }
        return upTo.getLast() == leaf.budget()
                ? Optional.empty()
                : broken(
                        ProvableFault.WRONG_BUDGET,
                        "Route " + route + " has a published budget of " + upTo.getLast() + ", but this request had "
                                + leaf.budget() + ".");
    }

    /** No tier served before all attempts of the better ones were spent. */
    public static Optional<Breach> fallBack(Leaf leaf, Stage.Ended ended, NodeTestimony<List<Integer>> published) {
        int tier = ended.servedTier();
        if (tier == Leaf.NO_TIER || tier == 0) {
            return Optional.empty();
        }
        String early = "It was served by tier " + tier + " after " + leaf.attempts() + " attempts, although ";
        return switch (published) {
            // Whatever is published: every tier is good for one attempt at least.
            case Silent<List<Integer>> _ ->
                leaf.attempts() <= tier
                        ? broken(
                                ProvableFault.FELL_BACK_EARLY,
                                early + "each better tier is good for at least one before that.")
                        : Optional.empty();
            case Said<List<Integer>>(var upTo)
            when tier >= upTo.size() ->
                broken(
                        upTo.isEmpty() ? ProvableFault.ROUTE_UNPUBLISHED : ProvableFault.FELL_BACK_EARLY,
                        "It was served by tier " + tier + ", but the published route has " + upTo.size() + " tiers.");
            case Said<List<Integer>>(var upTo) ->
                leaf.attempts() <= upTo.get(tier - 1)
                        ? broken(
                                ProvableFault.FELL_BACK_EARLY,
                                early + "better tiers are good for " + upTo.get(tier - 1) + " before that.")
                        : Optional.empty();
        };
    }

    /** Nobody is given up with attempts left. */
    public static Optional<Breach> exhaustion(Leaf leaf, Stage.Ended ended) {
        return ended.status() != DecisionStatus.EXHAUSTED || leaf.attempts() >= leaf.budget()
                ? Optional.empty()
                : broken(
                        ProvableFault.EXHAUSTED_EARLY,
                        "It was given up as exhausted after " + leaf.attempts() + " of " + leaf.budget()
                                + " attempts.");
    }

    /** The end agrees with who served. */
    public static Optional<Breach> end(Stage.Ended ended) {
        int tier = ended.servedTier();
        boolean agrees = (tier == Leaf.NO_TIER) == (ended.servedTarget() == Leaf.NO_TARGET)
                && switch (ended.status()) {
                    case SERVED -> tier == 0;
                    case FELL_BACK -> tier != 0 && tier != Leaf.NO_TIER;
                    case EXHAUSTED, REJECTED, UNCONFIRMED, TIMED_OUT -> tier == Leaf.NO_TIER;
                    case INTERRUPTED, CANCELLED -> true;
                };
        return agrees
                ? Optional.empty()
                : broken(
                        ProvableFault.CONTRADICTS_ITSELF,
                        "The leaf contradicts itself: status " + ended.status() + " with tier " + tier + " and target "
                                + ended.servedTarget() + ".");
    }

    /** A plan is one that the allocator can give, whatever the snapshot. */
    public static Optional<Breach> foundation(
            Leaf leaf, Stage.Planned planned, NodeTestimony<List<Integer>> published) {
        if (leaf.plan().size() != leaf.budget() || leaf.attempts() >= leaf.budget()) {
            return unfounded("The plan has " + leaf.plan().size() + " places after " + leaf.attempts()
                    + " attempts, with a budget of " + leaf.budget() + ".");
        }
        int first = leaf.plan().get(leaf.attempts());
        if (leaf.selectedTarget() != first) {
            return unfounded("Target " + leaf.selectedTarget() + " was selected first, but target " + first
                    + " was pinned for attempt " + (leaf.attempts() + 1) + ".");
        }
        // Of another budget or route nobody can tell the tier.
        if (published instanceof Said<List<Integer>>(var upTo)
                && !upTo.isEmpty()
                && upTo.getLast() == leaf.budget()
                && leaf.selectedTier() != tierAfter(upTo, leaf.attempts())) {
            return unfounded("Tier " + leaf.selectedTier() + " was selected after " + leaf.attempts()
                    + " attempts, but the published route has tier " + tierAfter(upTo, leaf.attempts())
                    + " there.");
        }
        if (planned.rank() >= planned.open()) {
            return unfounded("Its rank is " + planned.rank() + " of " + planned.open() + " open requests.");
        }
        return planned.arrival() > leaf.snapshot() || planned.arrival() > planned.turn()
                ? unfounded("It arrived with snapshot " + planned.arrival() + ", after its turn " + planned.turn()
                        + " or its snapshot " + leaf.snapshot() + ".")
                : Optional.empty();
    }

    private static int tierAfter(List<Integer> upTo, int attempts) {
        int tier = 0;
        while (attempts >= upTo.get(tier)) {
            tier++;
        }
        return tier;
    }

    private static Optional<Breach> unfounded(String why) {
        return broken(ProvableFault.PLAN_UNFOUNDED, why);
    }

    /** Whoever served in mode confirmed was pinned for that attempt, by what the outcome itself says of its plan. */
    public static Optional<Breach> place(Leaf leaf, Stage.Ended ended) {
        if (leaf.mode() == LeafMode.FAST || ended.servedTarget() == Leaf.NO_TARGET) {
            return Optional.empty();
        }
        return leaf.plan().isEmpty() || leaf.snapshot() == Leaf.NO_SNAPSHOT
                ? broken(
                        ProvableFault.NOT_AS_PLANNED,
                        "It was served in mode confirmed by a target that nothing was pinned for.")
                : LeafPair.servedBy(leaf.plan(), leaf.attempts(), ended.servedTarget());
    }

    private static Optional<Breach> broken(ProvableFault fault, String why) {
        return Optional.of(new Breach(fault, why));
    }
}
