package openledger.commitment.stake;

import java.math.BigInteger;

/**
 * What a staker has of a lane's pool ({@code Position} in {@code contracts/src/stake/StakeTypes.sol}). Immutable.
 *
 * @param shares that stay
 * @param leavingShares that leave
 * @param leavesAt when those that leave are paid out, Unix s
 * @param generation of the pool that they are shares of
 */
public record StakePosition(BigInteger shares, BigInteger leavingShares, long leavesAt, long generation) {
    private static final int WORDS = 4;

    /**
     * Reads the answer of {@code positionOf}.
     *
     * @throws IllegalArgumentException if these are not the words of a position
     */
    public static StakePosition decode(byte[] answer) {
        VaultWords words = new VaultWords(answer, WORDS);
        return new StakePosition(words.amount(0), words.amount(1), words.number(2), words.number(3));
    }
}
