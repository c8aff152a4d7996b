package openledger.access;

import java.util.OptionalInt;

/**
 * The limits of a key at one router instance.
 *
 * @param requestsPerMinute 1 to 1_000_000; empty for no limit
 * @param concurrentRequests 1 to 1_000_000; empty for no limit
 */
public record KeyLimits(OptionalInt requestsPerMinute, OptionalInt concurrentRequests) {
    public static final KeyLimits NONE = new KeyLimits(OptionalInt.empty(), OptionalInt.empty());
    /** The largest of either. */
    public static final int LARGEST = 1_000_000;

    public KeyLimits {
        check("requests per minute", requestsPerMinute);
        check("concurrent requests", concurrentRequests);
    }

    private static void check(String what, OptionalInt limit) {
        if (limit.isPresent() && (limit.getAsInt() < 1 || limit.getAsInt() > LARGEST)) {
            throw new IllegalArgumentException(what + " must be 1 to " + LARGEST + ": " + limit.getAsInt());
        }
    }
}
