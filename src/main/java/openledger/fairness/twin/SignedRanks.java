package openledger.fairness.twin;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Wilcoxon's test of signed ranks: whether differences within pairs lie around nought. Immutable.
 *
 * @param differences that are not nought
 * @param middle median of all differences, nought included; 0 if there are none
 * @param probability of ranks as uneven as these or more if each sign is drawn by lot; by the normal law with ties and
 *     continuity corrected, so 1 below {@link #FEWEST} differences
 */
public record SignedRanks(int differences, double middle, double probability) {
    /** Fewer differences say nothing. */
    public static final int FEWEST = 10;

    private static final double HALF = 0.5;

    /** Of differences, in any order; each is finite. */
    public static SignedRanks of(double[] all) {
        double[] sorted = all.clone();
        Arrays.sort(sorted);
        double middle = sorted.length == 0 ? 0 : (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        Double[] some = Arrays.stream(sorted).filter(one -> one != 0).boxed().toArray(Double[]::new);
        return new SignedRanks(some.length, middle, some.length < FEWEST ? 1 : probability(some));
    }

    private static double probability(Double[] some) {
        Arrays.sort(some, Comparator.comparingDouble(Math::abs));
        double n = some.length;
        double positive = 0;
        double ties = 0;
        for (int from = 0; from < some.length; ) {
            int to = from + 1;
            while (to < some.length && Math.abs(some[to]) == Math.abs(some[from])) {
                to++;
            }
            double rank = (from + 1 + to) / 2.0;
            for (int i = from; i < to; i++) {
                positive += some[i] > 0 ? rank : 0;
            }
            double same = to - from;
            ties += same * same * same - same;
            from = to;
        }
        double mean = n * (n + 1) / 4;
        double variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48;
        double away = Math.max(0, Math.abs(positive - mean) - HALF);
        return Math.min(1, 2 * NormalLaw.above(away / StrictMath.sqrt(variance)));
    }
}
