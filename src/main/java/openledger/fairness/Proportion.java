package openledger.fairness;

/**
 * Good ones of all, with its 95 % interval after Wilson, which holds for few and for none.
 *
 * @param good 0 to {@code total}
 * @param total requests, probes or leaves
 */
public record Proportion(long good, long total) {
    private static final double Z = 1.959963984540054;

    public Proportion {
        if (good < 0 || good > total) {
            throw new IllegalArgumentException(good + " good of " + total);
        }
    }

    /** Share of the good, 0 to 1; 1 if there is nothing yet. */
    public double value() {
        return total == 0 ? 1 : (double) good / total;
    }

    /** Lower end of the interval, 0 to 1. */
    public double low() {
        return total == 0 ? 0 : Math.max(0, centre() - half());
    }

    /** Upper end of the interval, 0 to 1. */
    public double high() {
        return total == 0 ? 1 : Math.min(1, centre() + half());
    }

    private double centre() {
        return (good + Z * Z / 2) / (total + Z * Z);
    }

    private double half() {
        double share = (double) good / total;
        return Z * Math.sqrt(total * share * (1 - share) + Z * Z / 4) / (total + Z * Z);
    }
}
