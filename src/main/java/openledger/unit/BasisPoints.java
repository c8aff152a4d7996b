package openledger.unit;

/** Share in basis points, 0 to 10_000 (100 %). */
public record BasisPoints(int value) {
    public static final int WHOLE = 10_000;

    public BasisPoints {
        if (value < 0 || value > WHOLE) {
            throw new IllegalArgumentException("basis points must be 0..10000: " + value);
        }
    }

    /** This share of {@code amount}, rounded down; {@code amount} at most 2^63 / 10_000. */
    public long of(long amount) {
        return Math.multiplyExact(amount, value) / WHOLE;
    }
}
