package openledger.cluster.orphan;

import java.util.Locale;

/**
 * What routers call a request without a key among themselves: a code over tenant, operation and body under the secret of the cluster, so
 * whoever reads it can neither tell whose it is nor try bodies until one fits. Immutable.
 *
 * @param hex 16 bytes, 32 hexadecimal digits in lower case
 */
public record OrphanName(String hex) {
    /** Hexadecimal digits of a name. */
    public static final int DIGITS = 32;

    public OrphanName {
        if (!isName(hex)) {
            throw new IllegalArgumentException("a name has 32 hexadecimal digits");
        }
    }

    /** Whether a text is one. */
    static boolean isName(String text) {
        return text.length() == DIGITS
                && text.equals(text.toLowerCase(Locale.ROOT))
                && text.chars().allMatch(digit -> Character.digit(digit, 16) >= 0 && digit < 0x80);
    }
}
