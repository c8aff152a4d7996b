package openledger.unit;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Amounts as people read and write them: in ether, to the last digit, whatever their size, so that two of them can be compared by eye. Only
 * the price of a unit of gas is in gwei.
 */
public final class Ether {
    private static final int DECIMALS = 18;
    private static final Pattern FORM = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,18})?");

    private Ether() {}

    /** Reads an amount such as {@code 0.5}; empty if it is none. No exponents and no signs: money is written in one way. */
    public static Optional<Wei> parse(String text) {
        return FORM.matcher(text).matches()
                ? Optional.of(
                        new Wei(new BigDecimal(text).movePointRight(DECIMALS).toBigIntegerExact()))
                : Optional.empty();
    }

    /** An amount without its unit, such as {@code 0.5}. */
    public static String digits(BigInteger wei) {
        return wei.signum() == 0
                ? "0"
                : new BigDecimal(wei)
                        .movePointLeft(DECIMALS)
                        .stripTrailingZeros()
                        .toPlainString();
    }

    /** An amount with its unit. */
    public static String text(BigInteger wei) {
        return digits(wei) + " ETH";
    }

    public static String text(Wei amount) {
        return text(amount.value());
    }
}
