package openledger.unit;

/** Number of a target in records and leaves, 0 to 65_534; append-only per lane, 65_535 means none. */
public record TargetId(int value) {
    /** The code that stands for "no target" in a record. */
    public static final int NONE = 0xffff;

    public TargetId {
        if (value < 0 || value >= NONE) {
            throw new IllegalArgumentException("a target id is 0..65534: " + value);
        }
    }
}
