package openledger.commitment.leaf;

import java.util.List;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Misroute;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Skipped;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.routing.DecisionStatus;

/** The published rules that a single leaf can be seen to break. A breach is a provable misroute. */
public final class RoutingRules {
    private static final Finding NO_END = new Skipped("The leaf is a plan; the request had not ended.");

    private RoutingRules() {}

    public static void addTo(List<Check> checks, byte[] bytes, NodeTestimony<List<Integer>> published) {
        try {
            addTo(checks, LeafEncoding.decode(bytes), published);
        } catch (IllegalArgumentException notALeaf) {
            for (Subject rule :
                    List.of(Subject.ATTEMPTS, Subject.BUDGET, Subject.FALL_BACK, Subject.EXHAUSTION, Subject.END)) {
                checks.add(new Check(rule, new Unchecked("The leaf cannot be read.")));
            }
        }
    }

    /** @param published cumulative attempts of the leaf's route, up to and including each tier; empty if the lane has no such route */
    static void addTo(List<Check> checks, Leaf leaf, NodeTestimony<List<Integer>> published) {
        checks.add(new Check(Subject.ATTEMPTS, attempts(leaf)));
        checks.add(new Check(Subject.BUDGET, budget(leaf, published)));
        switch (leaf.stage()) {
            case Stage.Planned planned -> {
                checks.add(new Check(Subject.FALL_BACK, NO_END));
                checks.add(new Check(Subject.EXHAUSTION, NO_END));
                checks.add(new Check(Subject.END, NO_END));
            }
            case Stage.Ended ended -> {
                checks.add(new Check(Subject.FALL_BACK, fallBack(leaf, ended, published)));
                checks.add(new Check(Subject.EXHAUSTION, exhaustion(leaf, ended)));
                checks.add(new Check(Subject.END, end(ended)));
            }
        }
    }

    private static Finding attempts(Leaf leaf) {
        if (leaf.attempts() == 0 && leaf.stage() instanceof Stage.Ended ended && ended.servedTier() != Leaf.NO_TIER) {
            return new Misroute("It was served, but no attempt was spent.");
        }
        return leaf.attempts() <= leaf.budget()
                ? new Passed(leaf.attempts() + " of " + leaf.budget() + " attempts were spent.")
                : new Misroute(leaf.attempts() + " attempts were spent of a budget of " + leaf.budget() + ".");
    }

    private static Finding budget(Leaf leaf, NodeTestimony<List<Integer>> published) {
        int route = leaf.route().value();
        return switch (published) {
            case Silent<List<Integer>>(var why) -> new Unchecked("The published budget is not known: " + why);
            case Said<List<Integer>>(var upTo)
            when upTo.isEmpty() ->
                new Misroute("The lane has published no route " + route + ", so nobody could know its budget.");
            case Said<List<Integer>>(var upTo)
            when upTo.getLast() != leaf.budget() ->
                new Misroute("Route " + route + " has a published budget of " + upTo.getLast()
                        + ", but this request had " + leaf.budget() + ".");
            case Said<List<Integer>>(var upTo) ->
                new Passed("Route " + route + " has the published budget of " + leaf.budget() + " for everybody.");
        };
    }

    private static Finding fallBack(Leaf leaf, Stage.Ended ended, NodeTestimony<List<Integer>> published) {
        int tier = ended.servedTier();
        if (tier == Leaf.NO_TIER || tier == 0) {
            return new Passed("It was not served by a lower tier.");
        }
        return switch (published) {
            // Whatever is published: every tier is good for one attempt at least.
            case Silent<List<Integer>> _
            when leaf.attempts() <= tier ->
                new Misroute("It was served by tier " + tier + " after " + leaf.attempts()
                        + " attempts, although each better tier is good for at least one before that.");
            case Silent<List<Integer>>(var why) -> new Unchecked("The published tiers are not known: " + why);
            case Said<List<Integer>>(var upTo)
            when tier >= upTo.size() ->
                new Misroute(
                        "It was served by tier " + tier + ", but the published route has " + upTo.size() + " tiers.");
            case Said<List<Integer>>(var upTo)
            when leaf.attempts() <= upTo.get(tier - 1) ->
                new Misroute("It was served by tier " + tier + " after " + leaf.attempts()
                        + " attempts, although better tiers are good for " + upTo.get(tier - 1) + " before that.");
            case Said<List<Integer>>(var upTo) ->
                new Passed("All " + upTo.get(tier - 1) + " attempts of better tiers came before tier " + tier + ".");
        };
    }

    private static Finding exhaustion(Leaf leaf, Stage.Ended ended) {
        if (ended.status() != DecisionStatus.EXHAUSTED) {
            return new Passed("It was not given up as exhausted.");
        }
        return leaf.attempts() >= leaf.budget()
                ? new Passed("The whole budget was spent before it was given up.")
                : new Misroute("It was given up as exhausted after " + leaf.attempts() + " of " + leaf.budget()
                        + " attempts.");
    }

    private static Finding end(Stage.Ended ended) {
        int tier = ended.servedTier();
        boolean agrees = (tier == Leaf.NO_TIER) == (ended.servedTarget() == Leaf.NO_TARGET)
                && switch (ended.status()) {
                    case SERVED -> tier == 0;
                    case FELL_BACK -> tier != 0 && tier != Leaf.NO_TIER;
                    case EXHAUSTED, REJECTED, UNCONFIRMED, TIMED_OUT -> tier == Leaf.NO_TIER;
                    case INTERRUPTED, CANCELLED -> true;
                };
        return agrees
                ? new Passed("Status " + ended.status() + " agrees with the tier and target that served.")
                : new Misroute("The leaf contradicts itself: status " + ended.status() + " with tier " + tier
                        + " and target " + ended.servedTarget() + ".");
    }
}
