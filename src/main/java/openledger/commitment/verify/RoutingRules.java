package openledger.commitment.verify;

import java.util.List;
import java.util.Optional;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafRules;
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

/** What the rules of a single leaf come to in a receipt, and what is said where none is broken. A breach is a provable misroute. */
final class RoutingRules {
    private static final Finding NO_END = new Skipped("The leaf is a plan; the request had not ended.");

    private RoutingRules() {}

    /** @param published cumulative attempts of the leaf's route, up to and including each tier; empty if the lane has no such route */
    static void addTo(List<Check> checks, byte[] bytes, NodeTestimony<List<Integer>> published) {
        try {
            addTo(checks, LeafEncoding.decode(bytes), published);
        } catch (IllegalArgumentException notALeaf) {
            for (Subject rule :
                    List.of(Subject.ATTEMPTS, Subject.BUDGET, Subject.FALL_BACK, Subject.EXHAUSTION, Subject.END)) {
                checks.add(new Check(rule, new Unchecked("The leaf cannot be read.")));
            }
        }
    }

    private static void addTo(List<Check> checks, Leaf leaf, NodeTestimony<List<Integer>> published) {
        checks.add(new Check(Subject.ATTEMPTS, misrouteOr(LeafRules.attempts(leaf), attempts(leaf))));
        checks.add(new Check(Subject.BUDGET, misrouteOr(LeafRules.budget(leaf, published), budget(leaf, published))));
        switch (leaf.stage()) {
            case Stage.Planned _ -> {
                checks.add(new Check(Subject.FALL_BACK, NO_END));
                checks.add(new Check(Subject.EXHAUSTION, NO_END));
                checks.add(new Check(Subject.END, NO_END));
            }
            case Stage.Ended ended -> {
                Optional<Breach> early = LeafRules.fallBack(leaf, ended, published);
                checks.add(new Check(
                        Subject.FALL_BACK,
                        early.map(RoutingRules::misroute).orElseGet(() -> fallBack(ended.servedTier(), published))));
                checks.add(new Check(
                        Subject.EXHAUSTION, misrouteOr(LeafRules.exhaustion(leaf, ended), exhaustion(ended))));
                checks.add(new Check(Subject.END, misrouteOr(LeafRules.end(ended), end(ended))));
            }
        }
    }

    /** A breach as a finding. */
    static Finding misroute(Breach breach) {
        return new Misroute(breach.why());
    }

    private static Finding misrouteOr(Optional<Breach> breach, Finding otherwise) {
        return breach.map(RoutingRules::misroute).orElse(otherwise);
    }

    private static Finding attempts(Leaf leaf) {
        return new Passed(leaf.attempts() + " of " + leaf.budget() + " attempts were spent.");
    }

    private static Finding budget(Leaf leaf, NodeTestimony<List<Integer>> published) {
        return switch (published) {
            case Silent<List<Integer>>(var why) -> new Unchecked("The published budget is not known: " + why);
            case Said<List<Integer>> _ ->
                new Passed("Route " + leaf.route().value() + " has the published budget of " + leaf.budget()
                        + " for everybody.");
        };
    }

    private static Finding fallBack(int tier, NodeTestimony<List<Integer>> published) {
        if (tier == Leaf.NO_TIER || tier == 0) {
            return new Passed("It was not served by a lower tier.");
        }
        return switch (published) {
            case Silent<List<Integer>>(var why) -> new Unchecked("The published tiers are not known: " + why);
            case Said<List<Integer>>(var upTo) ->
                new Passed("All " + upTo.get(tier - 1) + " attempts of better tiers came before tier " + tier + ".");
        };
    }

    private static Finding exhaustion(Stage.Ended ended) {
        return new Passed(
                ended.status() == DecisionStatus.EXHAUSTED
                        ? "The whole budget was spent before it was given up."
                        : "It was not given up as exhausted.");
    }

    private static Finding end(Stage.Ended ended) {
        return new Passed("Status " + ended.status() + " agrees with the tier and target that served.");
    }
}
