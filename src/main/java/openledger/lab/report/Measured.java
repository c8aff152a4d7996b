package openledger.lab.report;

import java.util.Arrays;

/**
 * A quantity with its 95 % interval over runs of different seeds: the mean of the runs and Student's t, for one mean; the same of the
 * linearised residuals (the delta method, Cochran, "Sampling Techniques", 1977, chapter 6), for a ratio of two means. The runs of
 * one seed belong together (common random numbers), so differences and ratios are taken pair by pair.
 *
 * @param value in the unit of whoever shows it
 * @param low end of the interval
 * @param high end of the interval
 * @param seeds runs behind it; 0 for what was counted or computed once and has no interval
 */
public record Measured(double value, double low, double high, int seeds) {
    /** Two-sided 95 % quantiles of Student's t for 1 to 10 degrees of freedom; then by an approximation good to a hundredth. */
    private static final double[] T = {12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23};

    public Measured {
        if (!(low <= value && value <= high)) {
            throw new IllegalArgumentException("an interval holds its value: " + low + ", " + value + ", " + high);
        }
    }

    /** What is not a sample. */
    public static Measured exactly(double value) {
        return new Measured(value, value, value, 0);
    }

    /** The mean of at least two runs, one value a seed. */
    public static Measured of(double... runs) {
        return around(mean(runs), runs);
    }

    /** The mean of what came afterwards less what was before, pair by pair. */
    public static Measured difference(double[] after, double[] before) {
        double[] pairs = new double[same(after, before)];
        Arrays.setAll(pairs, i -> after[i] - before[i]);
        return of(pairs);
    }

    /** The mean of the parts over the mean of the wholes; 0 exactly if there are no wholes at all. */
    public static Measured ratio(double[] parts, double[] wholes) {
        double whole = mean(wholes);
        if (same(parts, wholes) == 0 || whole == 0) {
            return new Measured(0, 0, 0, parts.length);
        }
        double ratio = mean(parts) / whole;
        double[] residuals = new double[parts.length];
        Arrays.setAll(residuals, i -> (parts[i] - ratio * wholes[i]) / whole);
        return around(ratio, residuals);
    }

    /** By how much of its mean something has changed: −0.4 is 40 % less. */
    public static Measured change(double[] after, double[] before) {
        return ratio(after, before).plus(-1);
    }

    /** The same, {@code amount} higher. */
    public Measured plus(double amount) {
        return new Measured(value + amount, low + amount, high + amount, seeds);
    }

    /** The same, {@code factor} times as much; for other units. */
    public Measured times(double factor) {
        return factor < 0
                ? new Measured(value * factor, high * factor, low * factor, seeds)
                : new Measured(value * factor, low * factor, high * factor, seeds);
    }

    /** Half the width of the interval. */
    public double margin() {
        return (high - low) / 2;
    }

    private static Measured around(double value, double[] runs) {
        if (runs.length < 2) {
            throw new IllegalArgumentException("an interval needs two runs at least: " + runs.length);
        }
        double mean = mean(runs);
        double squares = 0;
        for (double run : runs) {
            squares += (run - mean) * (run - mean);
        }
        int freedom = runs.length - 1;
        double t = freedom <= T.length ? T[freedom - 1] : 1.96 + 2.5 / freedom;
        double margin = t * Math.sqrt(squares / freedom / runs.length);
        return new Measured(value, value - margin, value + margin, runs.length);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static int same(double[] one, double[] other) {
        if (one.length != other.length) {
            throw new IllegalArgumentException("pairs of runs: " + one.length + " and " + other.length);
        }
        return one.length;
    }
}
