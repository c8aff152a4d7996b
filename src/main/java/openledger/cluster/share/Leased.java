package openledger.cluster.share;

import java.util.concurrent.atomic.AtomicBoolean;

/** What is leased from the engine, and when it is to be asked about. */
abstract sealed class Leased permits LeasedRate, LeasedSlots {
    final ShareName name;
    /** In line for the next question. */
    final AtomicBoolean isInLine = new AtomicBoolean();

    /** On the list of those that hold something; of the event loop. */
    boolean holds;

    Leased(ShareName name) {
        this.name = name;
    }

    /** Looks after what is held; false if nothing is. Called on the event loop. */
    abstract boolean look(long nowNanos);
}
