package openledger.commitment.stake;

import java.util.Arrays;
import java.util.Optional;
import openledger.commitment.leaf.ProvableFault;

/**
 * What a lane can be charged with before a vault: all of {@link ProvableFault}, and what is missing. The codes are those of {@code
 * contracts/src/stake/Fault.sol}, and none ever changes its meaning.
 */
public enum VaultFault {
    OUT_OF_RANGE(ProvableFault.OUT_OF_RANGE),
    CONTRADICTS_ITSELF(ProvableFault.CONTRADICTS_ITSELF),
    OUTSIDE_HEADER(ProvableFault.OUTSIDE_HEADER),
    OVER_BUDGET(ProvableFault.OVER_BUDGET),
    ROUTE_UNPUBLISHED(ProvableFault.ROUTE_UNPUBLISHED),
    WRONG_BUDGET(ProvableFault.WRONG_BUDGET),
    FELL_BACK_EARLY(ProvableFault.FELL_BACK_EARLY),
    EXHAUSTED_EARLY(ProvableFault.EXHAUSTED_EARLY),
    PLAN_UNFOUNDED(ProvableFault.PLAN_UNFOUNDED),
    NOT_AS_PLANNED(ProvableFault.NOT_AS_PLANNED),
    PLAN_AFTER_OUTCOME(ProvableFault.PLAN_AFTER_OUTCOME),
    TWICE(ProvableFault.TWICE),
    /** The leaf that was committed is not the one that was promised. */
    DIFFERS(13, "Another leaf was committed than was promised."),
    /** No leaf of a promise was shown in time. */
    OMITTED(14, "A leaf that was promised was not committed."),
    /** A leaf of a batch was not shown in time. */
    WITHHELD(15, "A committed leaf is withheld."),
    /** The plan that an outcome names was not shown in time. */
    PLAN_MISSING(16, "The plan of an outcome was not committed."),
    OVERTAKEN(ProvableFault.OVERTAKEN),
    COMPLETE_THROUGH_FALLS(ProvableFault.COMPLETE_THROUGH_FALLS),
    COMPLETE_THROUGH_BEYOND(ProvableFault.COMPLETE_THROUGH_BEYOND),
    SIZE_GAP(ProvableFault.SIZE_GAP),
    LOG_FORKED(ProvableFault.LOG_FORKED),
    EQUIVOCATED(ProvableFault.EQUIVOCATED),
    /** The outcome of a request that should have ended was not shown in time. */
    OUTCOME_MISSING(23, "The outcome of a request was not committed."),
    /** The record of a leaf, by which its batch can be replayed, was not shown in time. */
    RECORD_WITHHELD(24, "A record is withheld.");

    private final int code;
    private final String sentence;

    VaultFault(ProvableFault proved) {
        this(proved.code(), proved.sentence());
    }

    VaultFault(int code, String sentence) {
        this.code = code;
        this.sentence = sentence;
    }

    /** The number that stands for it in the contract, 1 to 255; 0 stands for no fault. */
    public int code() {
        return code;
    }

    /** What it is, for a person. */
    public String sentence() {
        return sentence;
    }

    /** That of a code; empty for 0 and for what no vault of ours says. */
    public static Optional<VaultFault> of(long code) {
        return Arrays.stream(values()).filter(fault -> fault.code == code).findFirst();
    }
}
