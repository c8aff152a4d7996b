package openledger.commitment.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.verify.ChainEvidence.SeenBlock;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * Verifies a receipt against itself, against evidence about the chain, and against what its owner knows; it trusts nothing of the router. Pure: the
 * same arguments give the same result.
 *
 * @param checks all of them, in the order in which a person would follow them
 * @param reached the level that the leaf has reached by the evidence; empty if it is not shown to be on chain
 * @param verdict of all checks together
 * @param members what became of each member
 * @param state the block whose state was the evidence; empty if a node was
 */
public record ReceiptVerification(
        List<Check> checks,
        Optional<ConfirmationLevel> reached,
        Verdict verdict,
        MemberAccount members,
        Optional<SeenBlock> state) {
    public ReceiptVerification {
        checks = List.copyOf(checks);
    }

    /** Verifies a receipt; of a plan beside its leaf, what can be seen without any chain. */
    public static ReceiptVerification of(Receipt receipt, ChainEvidence evidence, Pins pins, Own own) {
        return of(receipt, evidence, ChainEvidence.none("it was not queried for the plan."), pins, own);
    }

    /**
     * Verifies a receipt.
     *
     * @param ofPlan what a node said of {@link Receipt#ofPlan}, if there is one
     */
    public static ReceiptVerification of(
            Receipt receipt, ChainEvidence evidence, ChainEvidence ofPlan, Pins pins, Own own) {
        List<Check> checks = new ArrayList<>();
        MemberChecks members = new MemberChecks(receipt.content());
        checks.add(new Check(Subject.MEMBERS, members.finding()));
        new OfflineChecks(receipt, own).addTo(checks);
        if (!pins.log().witnesses().isEmpty()) {
            checks.add(new Check(Subject.WITNESSES, WitnessCheck.of(receipt, pins.log())));
        }
        NameChecks.Names names =
                evidence.state().isPresent() ? NameChecks.WITHOUT_EVENTS : NameChecks.of(receipt, evidence.policies());
        checks.add(new Check(Subject.NAMES, names.finding()));
        RoutingRules.addTo(checks, receipt.leaf(), evidence.upTo());
        Optional<ReceiptVerification> plan = receipt.ofPlan().map(planned -> of(planned, ofPlan, pins, own));
        PlanChecks.addTo(checks, receipt, evidence.upTo(), plan);
        Optional<ConfirmationLevel> reached = new ChainChecks(receipt, evidence, pins).addTo(checks);
        return new ReceiptVerification(
                checks,
                reached,
                verdict(checks),
                members.account(checks, names.proved(), reached, plan),
                evidence.state());
    }

    private static Verdict verdict(List<Check> checks) {
        Verdict verdict = Verdict.HOLDS;
        for (Check check : checks) {
            Verdict alone = switch (check.finding()) {
                case Finding.Failed failed -> Verdict.BROKEN;
                case Finding.Misroute misroute -> Verdict.MISROUTED;
                case Finding.Unchecked unchecked -> Verdict.OPEN;
                case Finding.Passed passed -> Verdict.HOLDS;
                case Finding.Skipped skipped -> Verdict.HOLDS;
            };
            if (alone.compareTo(verdict) > 0) {
                verdict = alone;
            }
        }
        return verdict;
    }

    /** What the checks come to; a later one outweighs an earlier one. */
    public enum Verdict {
        /** Everything that matters was checked and is as the receipt says. */
        HOLDS,
        /** Nothing is wrong, but something that matters could not be checked. */
        OPEN,
        /** The leaf itself shows that the request was not treated as the published rules say. */
        MISROUTED,
        /** The receipt does not prove what it says. */
        BROKEN
    }

    /** One thing that was looked at. */
    public record Check(Subject subject, Finding finding) {}

    /** What was found. Each text is a sentence for a person. */
    public sealed interface Finding {
        /** It is as the receipt says. */
        record Passed(String what) implements Finding {}

        /** It is not. */
        record Failed(String why) implements Finding {}

        /** It is genuine, and it is a breach of the published rules. */
        record Misroute(String why) implements Finding {}

        /** It matters, and could not be checked. */
        record Unchecked(String why) implements Finding {}

        /** There was nothing to check. */
        record Skipped(String why) implements Finding {}
    }

    /**
     * What the verifier insists on. A trust anchor never comes from what is checked: without a registry, only the one that ships with the
     * verifier will do; without a lane or its owner, who may commit is <em>unchecked</em>.
     *
     * @param chainId of the chain it must be on; without one it is that of the node
     * @param registry the contract it must be in
     * @param lane it must be of
     * @param laneOwner the account that must own the lane
     * @param otherLanes what is said of a lane that was not named
     * @param log of the lane; without witnesses their cosignatures are not checked
     */
    public record Pins(
            OptionalLong chainId,
            Optional<Address> registry,
            Optional<LaneId> lane,
            Optional<Address> laneOwner,
            OtherLanes otherLanes,
            LogPins log) {
        public static final Pins NONE = new Pins(
                OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty(), OtherLanes.UNCHECKED);

        /** Without a log. */
        public Pins(
                OptionalLong chainId,
                Optional<Address> registry,
                Optional<LaneId> lane,
                Optional<Address> laneOwner,
                OtherLanes otherLanes) {
            this(chainId, registry, lane, laneOwner, otherLanes, LogPins.NONE);
        }

        /** What is said of a lane that neither number nor owner names. */
        public enum OtherLanes {
            /** Who commits to it may be anybody, so nothing is proved. */
            UNCHECKED,
            /** The verifier wants no more than that somebody's lane has the leaf. */
            ALLOWED
        }

        /** True if something is asked of the chain, of which a receipt that a log has signed says nothing. */
        public boolean isOfChain() {
            return chainId.isPresent() || registry.isPresent() || lane.isPresent() || laneOwner.isPresent();
        }

        /** Only that lane of the registry that ships with the verifier. */
        public static Pins ofLane(LaneId lane) {
            return new Pins(
                    OptionalLong.empty(), Optional.empty(), Optional.of(lane), Optional.empty(), OtherLanes.UNCHECKED);
        }
    }

    /**
     * What the receipt's owner has kept.
     *
     * @param requestDigest {@link RequestDigest} of the body that it sent, with its nonce
     * @param nonce that it sent; empty if it is that of the receipt
     * @param responseDigest SHA-256 of the answer that it got, of a stream without the events and members that are ours
     */
    public record Own(Optional<Hash32> requestDigest, Optional<String> nonce, Optional<Hash32> responseDigest) {
        public static final Own NOTHING = new Own(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** What is checked. */
    public enum Subject {
        MEMBERS("Every member is known"),
        LEAF("The leaf can be read"),
        COMMITMENT("The leaf is about this request"),
        REQUEST("The request is the one that was sent"),
        ANSWER("The leaf is about this answer"),
        RESPONSE("The answer is the one that was received"),
        STORY("The record says what the leaf says"),
        BATCH("The leaf belongs to this batch"),
        PROOF("The leaf is in the batch, at this place"),
        HEADER("The header has this hash"),
        WITNESSES("Witnesses have cosigned the log"),
        NAMES("The names are the published ones"),
        ATTEMPTS("No more attempts than the budget"),
        BUDGET("The budget is the published one"),
        FALL_BACK("No fall-back before better tiers were spent"),
        EXHAUSTION("Not given up before the budget was spent"),
        END("The end agrees with who served"),
        PLAN("The plan was committed too"),
        PAIR("The end follows the plan"),
        CHAIN("It is the right chain"),
        REGISTRY("It is the right registry"),
        LANE("It is the right lane"),
        RECORDED("The registry has this header"),
        REGISTRY_PROOF("The registry itself accepts the proof"),
        BLOCK("The block is part of the chain"),
        LEVEL("It has reached the claimed level"),
        PROMISE("The promise was kept"),
        SIGNED_HEAD("The lane has signed the header"),
        STAKE("A stake stands behind it");

        private final String title;

        Subject(String title) {
            this.title = title;
        }

        /** What it asks, in words for a person. */
        public String title() {
            return title;
        }
    }
}
