package openledger.lab.report;

/**
 * An observed value, and the range that the lab should reach.
 *
 * @param low end of the range, in the figure's unit
 * @param value that was observed, within the range
 * @param high end of the range
 */
public record Reference(double low, double value, double high) {
    /** That value, give or take. */
    public static Reference about(double value, double tolerance) {
        return new Reference(value - tolerance, value, value + tolerance);
    }

    /** Anything in a range; its middle stands for it. */
    public static Reference within(double low, double high) {
        return new Reference(low, (low + high) / 2, high);
    }

    /** True if the measured value is in the range. */
    public boolean isMet(Measured measured) {
        return low <= measured.value() && measured.value() <= high;
    }
}
