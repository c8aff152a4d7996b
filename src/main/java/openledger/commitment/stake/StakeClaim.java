package openledger.commitment.stake;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;
import openledger.unit.Address;

/**
 * What a receipt says of the stake behind its leaf's batch. Amounts are in wei, below 2<sup>128</sup>. Immutable.
 *
 * @param vault that is said to be the lane's gate
 * @param active what stood behind the lane at some time
 * @param leafPenalty of the vault's terms
 * @param promisePenalty of the vault's terms
 * @param challengeableUntil last second in which the batch can be challenged, Unix s
 * @param isPunished whether the leaf is said to be punished
 */
public record StakeClaim(
        Address vault,
        BigInteger active,
        BigInteger leafPenalty,
        BigInteger promisePenalty,
        long challengeableUntil,
        boolean isPunished) {
    /** Digits of the longest amount. */
    public static final int LONGEST_AMOUNT = 39;

    static final int AMOUNT_BITS = 128;
    private static final Pattern AMOUNT = Pattern.compile("0|[1-9][0-9]{0,38}");

    /** Reads an amount as receipts write it, in decimal digits without leading zeros; empty if it is none. */
    public static Optional<BigInteger> amount(String text) {
        return AMOUNT.matcher(text).matches()
                ? Optional.of(new BigInteger(text)).filter(amount -> amount.bitLength() <= AMOUNT_BITS)
                : Optional.empty();
    }
}
