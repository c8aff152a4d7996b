package openledger.commitment.stake;

import java.math.BigInteger;
import java.time.Instant;
import openledger.commitment.BatchHeader;
import openledger.commitment.stake.GateEvidence.Answers;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.Receipt.Anchor;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Misroute;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Skipped;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.unit.Ether;

/**
 * Checks what a receipt says of the stake behind it. The vault is the one that the registry names for the lane, and is known by its
 * address alone; the receipt's is only compared with it. Pure.
 *
 * @param finding what was found
 * @param window where the chain's time stands, if the vault could be read and nothing was found against what the receipt says
 */
public record StakeCheck(Finding finding, Window window) {
    /** The end of the year 9999, Unix seconds: a later time is no date for everybody. */
    private static final long LAST_DATE = 253_402_300_799L;

    /** Whether a batch can still be challenged. */
    public enum Window {
        UNKNOWN,
        OPEN,
        OVER
    }

    private StakeCheck(Finding finding) {
        this(finding, Window.UNKNOWN);
    }

    /** The check of a receipt, whose evidence is of its leaf. */
    public static StakeCheck of(Receipt receipt, ChainEvidence evidence) {
        if (receipt.stake().isEmpty()) {
            return new StakeCheck(new Skipped(none(receipt.header().lane().value(), evidence)));
        }
        if (receipt.anchor().isEmpty()) {
            return new StakeCheck(new Unchecked(
                    "The receipt names no transaction: its batch is not on chain yet, and nothing is behind it."));
        }
        if (evidence.state().isPresent()) {
            return new StakeCheck(
                    new Skipped("The proofs are from the registry's state alone, which has nothing of a vault."));
        }
        if (evidence.chainId() instanceof Silent<Long>(var why)) {
            return new StakeCheck(new Skipped("No node was asked about the vault: " + why));
        }
        return switch (evidence.gate()) {
            case Silent<GateEvidence>(var why) ->
                new StakeCheck(new Unchecked("Which vault the lane has is not known: " + why));
            case Said<GateEvidence>(var gate) ->
                of(receipt.header(), receipt.anchor().get(), receipt.stake().get(), gate);
        };
    }

    private static StakeCheck of(BatchHeader header, Anchor anchor, StakeClaim claim, GateEvidence evidence) {
        if (evidence.gate().equals(GateEvidence.NONE) || !evidence.gate().equals(claim.vault())) {
            return new StakeCheck(elsewhere(header.lane().value(), claim, evidence));
        }
        return switch (evidence.answers()) {
            case Silent<Answers>(var why) ->
                new StakeCheck(new Unchecked("What the vault " + claim.vault() + " says is not known: " + why));
            case Said<Answers>(var answers)
            when !VaultCode.address(header.registry(), answers.terms()).equals(claim.vault()) ->
                new StakeCheck(
                        new Unchecked(
                                "The lane's gate " + claim.vault()
                                        + " is not where a vault that this verifier knows would be with its terms, so what it says is not judged."));
            case Said<Answers>(var answers) -> against(answers, anchor, claim, evidence.seconds());
        };
    }

    /** Without a stake in the receipt there may still be one: a router need not tell, or may not have known yet. */
    private static String none(long lane, ChainEvidence evidence) {
        return evidence.gate() instanceof Said<GateEvidence>(var known)
                        && !known.gate().equals(GateEvidence.NONE)
                ? "There is no stake in the receipt, although lane " + lane + " has a gate: " + known.gate() + "."
                : "There is no stake in the receipt.";
    }

    /** A lane changes its vault only when all that the old one could take is out of reach. */
    private static Finding elsewhere(long lane, StakeClaim claim, GateEvidence evidence) {
        String other = evidence.gate().equals(GateEvidence.NONE)
                ? "Lane " + lane + " has no gate"
                : "The gate of lane " + lane + " is " + evidence.gate();
        return evidence.seconds() instanceof Said<Long>(var now) && now > claim.challengeableUntil()
                ? new Skipped(other + ", not " + claim.vault()
                        + " any more; by the receipt the time to challenge was over at "
                        + time(claim.challengeableUntil()) + ".")
                : new Failed(other + ", not " + claim.vault() + " as the receipt says.");
    }

    private static StakeCheck against(Answers answers, Anchor anchor, StakeClaim claim, NodeTestimony<Long> seconds) {
        VaultTerms terms = answers.terms();
        if (!terms.leafPenalty().equals(claim.leafPenalty())) {
            return new StakeCheck(penalty("leaf", terms.leafPenalty(), claim.leafPenalty()));
        }
        if (!terms.promisePenalty().equals(claim.promisePenalty())) {
            return new StakeCheck(penalty("promise", terms.promisePenalty(), claim.promisePenalty()));
        }
        if (claim.challengeableUntil() - terms.window().toSeconds() != anchor.committedAt()) {
            return new StakeCheck(new Failed("The batch was committed at " + anchor.committedAt()
                    + " and can be challenged for " + terms.window().toSeconds() + " s, not until "
                    + claim.challengeableUntil() + " as the receipt says."));
        }
        if (answers.isPunished()) {
            return new StakeCheck(
                    claim.isPunished()
                            ? new Misroute("The vault has punished the lane for this leaf.")
                            : new Failed(
                                    "The vault has punished the lane for this leaf, and the receipt says that it has"
                                            + " not. If that came later, get the receipt again."));
        }
        if (claim.isPunished()) {
            return new StakeCheck(new Unchecked(
                    "The receipt says that the leaf was punished, but by what this node says it was not."));
        }
        return switch (seconds) {
            case Silent<Long>(var why) ->
                new StakeCheck(new Unchecked("The time of the newest block is not known: " + why));
            case Said<Long>(var now) -> standing(answers.active(), now, claim);
        };
    }

    private static Finding penalty(String of, BigInteger real, BigInteger claimed) {
        return new Failed("By the vault's terms the penalty for a " + of + " is " + real + " wei, not " + claimed
                + " as the receipt says.");
    }

    private static StakeCheck standing(BigInteger active, long now, StakeClaim claim) {
        String until = time(claim.challengeableUntil());
        String said = "the receipt says " + Ether.text(claim.active()) + ".";
        return now > claim.challengeableUntil()
                ? new StakeCheck(
                        new Passed("The time to challenge this batch was over at " + until + "; by now "
                                + Ether.text(active) + " stand behind the lane, and " + said),
                        Window.OVER)
                : new StakeCheck(
                        new Passed(Ether.text(active) + " stand behind this batch until " + until + "; " + said),
                        Window.OPEN);
    }

    /** A time for a person. */
    static String time(long seconds) {
        return seconds > LAST_DATE
                ? "Unix second " + seconds
                : Instant.ofEpochSecond(seconds).toString();
    }
}
