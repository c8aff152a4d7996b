package openledger.routing.choice;

/** The live view of one target. Readings are cheap, may be taken from any thread, and are stale at once. */
public interface TargetLoad {
    /** False while its circuit is open or its provider's {@code Retry-After} runs. */
    boolean isOpen();

    /** How long it will not be open, as far as that is known, ns: 0 if it is open, {@link Long#MAX_VALUE} if nobody knows. */
    default long opensInNanos() {
        return isOpen() ? 0 : Long.MAX_VALUE;
    }

    /** Calls in flight now. */
    int inFlight();

    /** Calls that may be in flight now; 0 if this router has no part of the slots that several share. */
    int limit();

    /** Mean time to the first content of an answer, the latest counting most, nanoseconds; 0 if none was seen yet. */
    long latencyNanos();

    /** How many answers that mean rests on, those of some time ago counting less; 0 (nothing is known) to 32. See {@link Latency}. */
    default double latencyEvidence() {
        return latencyNanos() == 0 ? 0 : Latency.MOST_ANSWERS;
    }

    /** True if a call would find a free slot. */
    default boolean hasFreeSlot() {
        return isOpen() && inFlight() < limit();
    }
}
