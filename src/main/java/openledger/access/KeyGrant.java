package openledger.access;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import openledger.routing.RoutingMode;

/**
 * The rules of a new key.
 *
 * @param tenant the tenant it belongs to: 1 to 64 letters, digits, dots, dashes or underscores
 * @param label what it is for, in a person's words: at most 100 printable characters
 * @param limits its limits
 * @param defaultMode the mode of requests that name none, on routes that allow it
 * @param expires when it ends by itself; empty for never
 */
public record KeyGrant(
        String tenant, String label, KeyLimits limits, Optional<RoutingMode> defaultMode, Optional<Instant> expires) {
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int LONGEST_LABEL = 100;

    public KeyGrant {
        if (!isTenant(tenant)) {
            throw new IllegalArgumentException("a tenant must be 1 to 64 letters, digits, dots, dashes or underscores");
        }
        if (!isLabel(label)) {
            throw new IllegalArgumentException("a label must be at most 100 printable characters");
        }
    }

    /** Whether a tenant can be called that. */
    public static boolean isTenant(String name) {
        return TENANT.matcher(name).matches();
    }

    /** Whether a key can be labelled so. */
    public static boolean isLabel(String text) {
        return text.length() <= LONGEST_LABEL && text.codePoints().allMatch(KeyGrant::isPrintable);
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
