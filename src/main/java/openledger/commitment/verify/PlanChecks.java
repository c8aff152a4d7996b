package openledger.commitment.verify;

import java.util.List;
import java.util.Optional;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafPair;
import openledger.commitment.leaf.LeafRules;
import openledger.commitment.verify.Receipt.Committed;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Misroute;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Skipped;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.routing.RoutingMode;

/** Checks a request's outcome against its PLAN leaf. */
final class PlanChecks {
    private static final Finding ITSELF = new Skipped("The leaf is the plan; the request had not ended.");

    private PlanChecks() {}

    /**
     * Adds both checks.
     *
     * @param published of the leaf's route, as {@link RoutingRules} has it
     * @param verified the plan as a receipt of its own; empty if the receipt has none beside its leaf
     */
    static void addTo(
            List<Check> checks,
            Receipt receipt,
            NodeTestimony<List<Integer>> published,
            Optional<ReceiptVerification> verified) {
        checks.add(new Check(Subject.PLAN, verified.map(PlanChecks::worst).orElseGet(() -> absent(receipt.leaf()))));
        checks.add(new Check(
                Subject.PAIR,
                receipt.plan().map(plan -> pair(plan, receipt)).orElseGet(() -> alone(receipt.leaf(), published))));
    }

    /** What the leaf itself shows of a plan that it is, or that it names. */
    private static Finding alone(byte[] bytes, NodeTestimony<List<Integer>> published) {
        return breach(bytes, published)
                .map(RoutingRules::misroute)
                .orElseGet(() -> new Skipped("There is no second leaf to compare."));
    }

    private static Optional<Breach> breach(byte[] bytes, NodeTestimony<List<Integer>> published) {
        Leaf leaf;
        try {
            leaf = LeafEncoding.decode(bytes);
        } catch (IllegalArgumentException notALeaf) {
            return Optional.empty();
        }
        return switch (leaf.stage()) {
            case Stage.Planned planned -> LeafRules.foundation(leaf, planned, published);
            // Without any plan it is told where the plan is looked for.
            case Stage.Ended ended ->
                leaf.snapshot() == Leaf.NO_SNAPSHOT ? Optional.empty() : LeafRules.place(leaf, ended);
        };
    }

    private static Finding absent(byte[] bytes) {
        Leaf leaf;
        try {
            leaf = LeafEncoding.decode(bytes);
        } catch (IllegalArgumentException notALeaf) {
            return new Unchecked("The leaf cannot be read.");
        }
        if (!(leaf.stage() instanceof Stage.Ended ended)) {
            return ITSELF;
        }
        if (leaf.mode().routing() == RoutingMode.FAST) {
            return new Skipped("In mode fast nothing is pinned.");
        }
        if (leaf.snapshot() != Leaf.NO_SNAPSHOT) {
            return new Unchecked("The outcome names a plan of snapshot " + leaf.snapshot()
                    + ", but the receipt does not have it. Get the receipt again.");
        }
        return LeafRules.place(leaf, ended)
                .map(RoutingRules::misroute)
                .orElseGet(() -> new Skipped("It ended before anything was pinned."));
    }

    private static Finding worst(ReceiptVerification plan) {
        for (Check check : plan.checks()) {
            Optional<Finding> bad = switch (check.finding()) {
                case Failed(var why)
                when plan.verdict() == ReceiptVerification.Verdict.BROKEN -> Optional.of(new Failed(of(check, why)));
                case Misroute(var why)
                when plan.verdict() == ReceiptVerification.Verdict.MISROUTED ->
                    Optional.of(new Misroute(of(check, why)));
                case Unchecked(var why)
                when plan.verdict() == ReceiptVerification.Verdict.OPEN -> Optional.of(new Unchecked(of(check, why)));
                case Failed _, Misroute _, Unchecked _, Passed _, Skipped _ -> Optional.empty();
            };
            if (bad.isPresent()) {
                return bad.get();
            }
        }
        return new Passed("The plan is a leaf of a batch of its own"
                + plan.reached()
                        .map(level -> ", which is " + level + " by the evidence.")
                        .orElse("."));
    }

    private static String of(Check check, String why) {
        return "Of the plan, '" + check.subject().title() + "': " + why;
    }

    private static Finding pair(Committed plan, Receipt receipt) {
        LeafPair pair;
        try {
            pair = LeafPair.decode(plan.leaf(), receipt.leaf());
        } catch (IllegalArgumentException notAPair) {
            return new Failed("These are not the two leaves of a request (" + notAPair.getMessage() + ").");
        }
        Optional<Breach> late =
                LeafPair.late(plan.header().sequence(), receipt.header().sequence());
        if (late.isPresent()) {
            return RoutingRules.misroute(late.get());
        }
        Optional<String> breach = pair.breach();
        Optional<Finding> told = told(receipt.content(), breach);
        if (told.isPresent()) {
            return told.get();
        }
        return breach.<Finding>map(Misroute::new)
                .orElseGet(() -> new Passed(
                        "What was pinned was done: attempt " + pair.outcome().attempts() + " of the plan "
                                + pair.plan().plan() + "."));
    }

    /** What the receipt says of the two leaves, if it is not what they say. */
    private static Optional<Finding> told(ReceiptContent content, Optional<String> breach) {
        if (content.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> followed = content.text("followed_plan.followed");
        if (followed.isEmpty()) {
            return Optional.of(new Unchecked("followed_plan.followed is missing."));
        }
        boolean agrees = followed.get().equals(Boolean.toString(breach.isEmpty()))
                && content.text("followed_plan.breach").equals(breach);
        return agrees
                ? Optional.empty()
                : Optional.of(new Failed("The receipt contradicts its two leaves: followed "
                        + ReceiptContent.shown(followed.get()) + ", but the end "
                        + (breach.isEmpty() ? "follows" : "does not follow") + " the plan."));
    }
}
