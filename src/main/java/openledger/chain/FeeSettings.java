package openledger.chain;

import openledger.unit.Wei;

/**
 * The fees that may be paid.
 *
 * @param cap maximum wei per unit of gas, whatever the chain asks
 * @param leastPriority minimum wei per unit of gas that is offered to the sequencer
 * @param marginPercent how much the base fee may rise before a transaction gets too cheap; 100 covers six full blocks
 * @param l1Cap most wei for a transaction's data on L1; above it nothing is sent until it falls
 */
public record FeeSettings(Wei cap, Wei leastPriority, int marginPercent, Wei l1Cap) {
    private static final Wei LEAST_PRIORITY = Wei.of(1_000_000);
    /** The base fee may double before a transaction gets too cheap. */
    private static final int MARGIN_PERCENT = 100;

    public FeeSettings {
        if (cap.value().signum() == 0) {
            throw new IllegalArgumentException("the cap of a unit of gas must be positive");
        }
        if (leastPriority.compareTo(cap) > 0) {
            throw new IllegalArgumentException("the least priority fee is above the cap");
        }
        if (marginPercent < 0) {
            throw new IllegalArgumentException("the margin of the base fee must not be negative: " + marginPercent);
        }
    }

    /** What is offered wherever nobody says otherwise, up to these caps. */
    public static FeeSettings upTo(Wei cap, Wei l1Cap) {
        return new FeeSettings(cap, LEAST_PRIORITY, MARGIN_PERCENT, l1Cap);
    }
}
