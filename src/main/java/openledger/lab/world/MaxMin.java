package openledger.lab.world;

import java.util.Arrays;

/** Max-min fair division: nobody has more than it asks for, and nobody could have more without taking it from one that has less. */
public final class MaxMin {
    private MaxMin() {}

    /** The max-min fair shares of {@code supply} among those who ask for so much. */
    static double[] shares(long[] demands, double supply) {
        long[] sorted = demands.clone();
        Arrays.sort(sorted);
        double left = supply;
        double level = Double.POSITIVE_INFINITY;
        for (int i = 0; i < sorted.length; i++) {
            double equal = left / (sorted.length - i);
            if ((double) sorted[i] > equal) {
                level = equal;
                break;
            }
            left -= sorted[i];
        }
        double[] shares = new double[demands.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.min((double) demands[i], level);
        }
        return shares;
    }

    /** How much of what was given would have to go to others for it to be max-min fair, 0 to 1. */
    public static double distance(long[] demands, long[] given) {
        double supply = (double) Arrays.stream(given).sum();
        double[] fair = shares(demands, supply);
        double missing = 0;
        for (int i = 0; i < fair.length; i++) {
            missing += Math.max(0, fair[i] - given[i]);
        }
        return supply == 0 ? 0 : missing / supply;
    }

    /** What the one that is worst off got of its fair share, 0 to 1. */
    public static double worst(long[] demands, long[] given) {
        double[] fair = shares(demands, (double) Arrays.stream(given).sum());
        double worst = 1;
        for (int i = 0; i < fair.length; i++) {
            if (fair[i] > 0) {
                worst = Math.min(worst, given[i] / fair[i]);
            }
        }
        return worst;
    }
}
