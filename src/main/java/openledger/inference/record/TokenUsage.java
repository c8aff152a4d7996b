package openledger.inference.record;

/**
 * Tokens of one answer, as its provider counts them, each 0 or more, or {@link #UNKNOWN}.
 *
 * @param input tokens of the prompt, those in the provider's cache included
 * @param cached of these, read from the cache
 * @param cacheWritten of these, written into the cache
 * @param output tokens of the answer, reasoning included
 * @param reasoning of these, reasoning
 */
public record TokenUsage(long input, long cached, long cacheWritten, long output, long reasoning) {
    /** What the provider does not say. */
    public static final long UNKNOWN = -1;
    /** Of an answer whose provider says nothing. */
    public static final TokenUsage NONE = new TokenUsage(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

    /** A number of tokens as it is added up: what is not known adds nothing. */
    public static long counted(long tokens) {
        return Math.max(0, tokens);
    }
}
