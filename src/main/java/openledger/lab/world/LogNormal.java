package openledger.lab.world;

import java.util.random.RandomGenerator;

/** Log-normal durations. Immutable. */
public final class LogNormal {
    private final double mean;
    private final double middle;
    private final double spread;

    /**
     * Durations.
     *
     * @param mean over 0
     * @param cv coefficient of variation, 0 or more
     */
    public LogNormal(double mean, double cv) {
        if (mean <= 0 || cv < 0) {
            throw new IllegalArgumentException("a log-normal needs a mean over 0 and a cv of 0 or more");
        }
        this.mean = mean;
        // The strict ones are the same on every machine.
        double variance = StrictMath.log(1 + cv * cv);
        this.middle = StrictMath.log(mean) - variance / 2;
        this.spread = StrictMath.sqrt(variance);
    }

    /** Mean of all draws. */
    public double mean() {
        return mean;
    }

    /** One draw. */
    public double draw(RandomGenerator random) {
        return at(random.nextGaussian());
    }

    /** The duration that stands where {@code normal} stands in the standard normal distribution. */
    public double at(double normal) {
        return StrictMath.exp(middle + spread * normal);
    }
}
