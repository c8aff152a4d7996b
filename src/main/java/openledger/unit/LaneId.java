package openledger.unit;

/** Identifies the gap-free sequence of records of one router instance; 1 to 2^63 - 1. */
public record LaneId(long value) {
    public LaneId {
        if (value < 1) {
            throw new IllegalArgumentException("a lane is a positive number: " + value);
        }
    }
}
