package openledger.lab;

import java.util.random.RandomGenerator;

/**
 * Log-normal durations.
 *
 * @param mean over 0
 * @param cv coefficient of variation, 0 or more
 */
public record LogNormal(double mean, double cv) {
    public LogNormal {
        if (mean <= 0 || cv < 0) {
            throw new IllegalArgumentException("a log-normal needs a mean over 0 and a cv of 0 or more");
        }
    }

    /** One draw. */
    public double draw(RandomGenerator random) {
        double variance = Math.log(1 + cv * cv);
        return Math.exp(Math.log(mean) - variance / 2 + Math.sqrt(variance) * random.nextGaussian());
    }
}
