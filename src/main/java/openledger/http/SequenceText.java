package openledger.http;

import java.util.OptionalLong;

/** Positive numbers in addresses and query strings: 1 to 18 digits, the first not 0. */
public final class SequenceText {
    private static final int MOST_DIGITS = 18;

    private SequenceText() {}

    /** Reads one; empty for anything else. */
    public static OptionalLong parse(String text) {
        boolean number = !text.isEmpty()
                && text.length() <= MOST_DIGITS
                && text.charAt(0) != '0'
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
