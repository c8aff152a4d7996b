package openledger.inference.upstream;

import java.util.Optional;

/**
 * A place in the line for a slot of a target: its owner gets the slot before requests without a ticket, and before all of a later turn. A
 * free slot is kept for its owner and counts as in flight. It ends exactly once, by {@link #take} or by {@link #leave}; whatever comes
 * after that does nothing. Safe for several threads.
 */
public interface SlotTicket {
    /** The slot, if there is one by now; the place is given up either way. */
    Optional<ClaimedSlot> take();

    /** Gives up the place, and the slot if there is one. */
    void leave();
}
