package openledger.lab;

/**
 * The mean of a quantity over runs of different seeds.
 *
 * @param mean over the runs
 * @param margin half the width of its 95 % interval (Student's t)
 */
public record Estimate(double mean, double margin) {
    /** Two-sided 95 % quantiles of Student's t for 1 to 10 degrees of freedom; then by an approximation good to a hundredth. */
    private static final double[] T = {12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23};

    /** Of at least two runs. */
    static Estimate of(double... values) {
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        int freedom = values.length - 1;
        double t = freedom <= T.length ? T[freedom - 1] : 1.96 + 2.5 / freedom;
        return new Estimate(mean, t * Math.sqrt(squares / freedom / values.length));
    }
}
