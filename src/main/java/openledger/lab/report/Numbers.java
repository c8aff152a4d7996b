package openledger.lab.report;

import java.math.BigDecimal;
import java.math.MathContext;

/** How plain numbers are written: six significant digits, so that the last bits of a sum do not show. */
public final class Numbers {
    private static final MathContext DIGITS = new MathContext(6);

    private Numbers() {}

    static BigDecimal rounded(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }

    /** With as many digits as it has. */
    public static String plain(double value) {
        return rounded(value).toPlainString();
    }
}
