package openledger.cluster.slot;

/** How many calls this router may have in flight at a target at once, and how many it has. Never waits. Thread-safe. */
public interface SlotLimit {
    /** Takes a slot; false if there is none. Each success is followed by exactly one {@link #giveBack}. */
    boolean take();

    /** A call has ended. */
    void giveBack();

    /** Calls in flight now, 0 or more. */
    int inFlight();

    /** Calls that may be in flight when another one begins, 0 or more. */
    int limit();

    /** So many more could have been used, beside those that {@link #take} was asked for. */
    void missed(int slots);

    /** A call that is still in flight was answered. */
    void answered();

    /** A call that is still in flight was refused for want of room. */
    void refused();
}
