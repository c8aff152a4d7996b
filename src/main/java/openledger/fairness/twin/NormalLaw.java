package openledger.fairness.twin;

/** The standard normal distribution, to about seven decimal places (Abramowitz and Stegun 26.2.17). */
final class NormalLaw {
    private static final double[] B = {0.319381530, -0.356563782, 1.781477937, -1.821255978, 1.330274429};
    private static final double P = 0.2316419;
    private static final double FARTHEST = 8;
    private static final int STEPS = 60;

    private NormalLaw() {}

    /** Probability of more than {@code z}. */
    static double above(double z) {
        if (z < 0) {
            return 1 - above(-z);
        }
        double t = 1 / (1 + P * z);
        double power = t;
        double sum = 0;
        for (double b : B) {
            sum += b * power;
            power *= t;
        }
        return StrictMath.exp(-z * z / 2) / StrictMath.sqrt(2 * Math.PI) * sum;
    }

    /** What is exceeded with that probability, over 0 and under 1. */
    static double exceeded(double probability) {
        double low = -FARTHEST;
        double high = FARTHEST;
        for (int i = 0; i < STEPS; i++) {
            double middle = (low + high) / 2;
            if (above(middle) > probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }
}
