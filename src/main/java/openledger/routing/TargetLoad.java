package openledger.routing;

/** The live view of one target. Readings are cheap, may be taken from any thread, and are stale at once. */
public interface TargetLoad {
    /** False while its circuit is open or its provider's {@code Retry-After} runs. */
    boolean isOpen();

    /** Calls in flight now. */
    int inFlight();

    /** Calls that may be in flight now, at least 1. */
    int limit();

    /** Smoothed time to the first content of an answer, nanoseconds; 0 if none was seen yet. */
    long latencyNanos();

    /** True if a call would find a free slot. */
    default boolean hasFreeSlot() {
        return isOpen() && inFlight() < limit();
    }
}
