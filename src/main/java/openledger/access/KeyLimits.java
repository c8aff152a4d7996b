package openledger.access;

import java.util.OptionalInt;
import openledger.budget.MinuteRate;

/**
 * The limits of a key, at all routers of a cluster together.
 *
 * @param requestsPerMinute 1 to 1_000_000; empty for no limit
 * @param concurrentRequests 1 to 1_000_000; empty for no limit
 * @param tokensPerMinute tokens of requests and answers, 1 to 100_000_000; empty for no limit
 */
public record KeyLimits(OptionalInt requestsPerMinute, OptionalInt concurrentRequests, OptionalInt tokensPerMinute) {
    public static final KeyLimits NONE = new KeyLimits(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
    /** The largest of requests. */
    public static final int LARGEST = 1_000_000;

    /** The largest of tokens. */
    public static final int LARGEST_TOKENS = MinuteRate.LARGEST;

    public KeyLimits {
        check("requests per minute", requestsPerMinute, LARGEST);
        check("concurrent requests", concurrentRequests, LARGEST);
        check("tokens per minute", tokensPerMinute, LARGEST_TOKENS);
    }

    private static void check(String what, OptionalInt limit, int largest) {
        if (limit.isPresent() && (limit.getAsInt() < 1 || limit.getAsInt() > largest)) {
            throw new IllegalArgumentException(what + " must be 1 to " + largest + ": " + limit.getAsInt());
        }
    }
}
