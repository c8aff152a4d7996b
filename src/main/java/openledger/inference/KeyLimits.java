package openledger.inference;

import java.util.OptionalInt;
import openledger.budget.RequestRate;

/**
 * What a key may ask of one router instance.
 *
 * @param requestsPerMinute 1 to 1_000_000; empty for no limit
 * @param concurrentRequests 1 to 1_000_000; empty for no limit
 */
public record KeyLimits(OptionalInt requestsPerMinute, OptionalInt concurrentRequests) {
    public static final KeyLimits NONE = new KeyLimits(OptionalInt.empty(), OptionalInt.empty());
    private static final int MOST_CONCURRENT = 1_000_000;

    public KeyLimits {
        check("requests per minute", requestsPerMinute, RequestRate.LARGEST);
        check("concurrent requests", concurrentRequests, MOST_CONCURRENT);
    }

    private static void check(String what, OptionalInt limit, int largest) {
        if (limit.isPresent() && (limit.getAsInt() < 1 || limit.getAsInt() > largest)) {
            throw new IllegalArgumentException(what + " are 1 to " + largest + ": " + limit.getAsInt());
        }
    }
}
