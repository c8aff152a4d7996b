package openledger.audit.usage;

/**
 * Tokens of a call, or of several together.
 *
 * @param input of prompts, those of the provider's cache included; 0 or more, or {@link #UNKNOWN}
 * @param output of answers, reasoning included; 0 or more, or {@link #UNKNOWN}
 */
public record TokenCount(long input, long output) {
    /** A number that nobody says. */
    public static final long UNKNOWN = -1;
    /** Nothing is known. */
    public static final TokenCount NONE = new TokenCount(UNKNOWN, UNKNOWN);

    public TokenCount {
        if (input < UNKNOWN || output < UNKNOWN) {
            throw new IllegalArgumentException("tokens are 0 or more, or unknown: " + input + ", " + output);
        }
    }

    /** Both together; what one of them does not know is unknown. */
    TokenCount plus(TokenCount other) {
        return new TokenCount(sum(input, other.input), sum(output, other.output));
    }

    private static long sum(long one, long other) {
        return one == UNKNOWN || other == UNKNOWN ? UNKNOWN : Math.addExact(one, other);
    }
}
