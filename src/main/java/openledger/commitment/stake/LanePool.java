package openledger.commitment.stake;

import java.math.BigInteger;

/**
 * The stake of a lane ({@code Pool} in {@code contracts/src/stake/StakeTypes.sol}). Immutable.
 *
 * @param assets wei, all of which penalties can take
 * @param shares of all stakers, those that leave included
 * @param leavingShares what of them leaves; it stays liable until it is paid out
 * @param shortUntil until when the lane may commit although its active stake is short, Unix s, whether it is short or not; 0 if it may not
 * @param generation how often penalties have taken everything
 * @param locked wei that open games may still take
 */
public record LanePool(
        BigInteger assets,
        BigInteger shares,
        BigInteger leavingShares,
        long shortUntil,
        long generation,
        BigInteger locked) {
    private static final int WORDS = 6;

    /**
     * Reads the answer of {@code poolOf}.
     *
     * @throws IllegalArgumentException if these are not the words of a pool
     */
    public static LanePool decode(byte[] answer) {
        VaultWords words = new VaultWords(answer, WORDS);
        return new LanePool(
                words.amount(0), words.amount(1), words.amount(2), words.number(3), words.number(4), words.amount(5));
    }

    /** What of the assets leaves, rounded up as the vault rounds it; wei. */
    public BigInteger leaving() {
        return shares.signum() == 0
                ? BigInteger.ZERO
                : assets.multiply(leavingShares)
                        .add(shares)
                        .subtract(BigInteger.ONE)
                        .divide(shares);
    }
}
