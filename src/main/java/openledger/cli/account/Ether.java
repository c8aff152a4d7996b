package openledger.cli.account;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;
import openledger.unit.Wei;

/** Amounts as people write them: ether, with up to 18 decimals. */
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

    /** An amount with its unit: small ones in gwei. */
    public static String text(BigInteger wei) {
        BigDecimal ether = new BigDecimal(wei).movePointLeft(DECIMALS).stripTrailingZeros();
        if (wei.signum() == 0 || ether.scale() <= 9) {
            return ether.toPlainString() + " ETH";
        }
        BigDecimal gwei = new BigDecimal(wei).movePointLeft(9).stripTrailingZeros();
        return gwei.compareTo(BigDecimal.valueOf(1_000_000)) < 0
                ? gwei.toPlainString() + " gwei"
                : ether.toPlainString() + " ETH";
    }

    public static String text(Wei amount) {
        return text(amount.value());
    }
}
