package openledger.settlement;

import openledger.commitment.BatchHeader;

/** Whether there is something to be seen or done on the chain, and whether anybody waits for it; in rising order. */
public enum ChainNews {
    /** Nothing that we know of. */
    NONE,
    /** Of outcomes alone, for which nobody is held up. */
    CAN_WAIT,
    /** Of plans, whose requests wait, or of whatever a new block has brought. */
    URGENT;

    /** News of a batch. */
    public static ChainNews of(BatchHeader batch) {
        return batch.count() > batch.outcomes() ? URGENT : CAN_WAIT;
    }

    /** Both together. */
    ChainNews or(ChainNews other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
