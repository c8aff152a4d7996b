package openledger.fairness;

import java.util.Optional;

/**
 * Where fairness lives: the variance of Y = [fell back], split. Between bins of 1 s is scarcity: at some times everybody falls back. Within
 * bins is allocation: of two at the same time one did and one did not. Of that, what a request's cohort explains, beyond what it would
 * explain in a fair lottery, is evidence of unfairness. All are shares of the whole variance, 0 to 1.
 *
 * @param between bins: scarcity
 * @param within bins: allocation; with {@code between} the sum is 1
 * @param cohort of {@code within}: explained by the cohort, as a main effect over all bins, beside its 95 % floor
 */
public record VarianceSplit(double between, double within, AgainstChance cohort) {
    /** The 95th percentile of the standard normal law. */
    private static final double Z95 = 1.6448536269514722;

    /**
     * Sums over bins, from which the split is made: O(cohorts), whatever the number of bins. Those of several windows can be
     * added up. Confined to one thread.
     *
     * <p>For cohort c and bin t with n_t requests of which the share p_t fell back: its surplus d_c = Σ_t (k_tc − n_tc p_t); and if cohorts
     * mean nothing, the variance of that, v_c = Σ_t n_tc (n_t − n_tc) / (n_t − 1) p_t (1 − p_t), which is hypergeometric.
     */
    public static final class Sums {
        private static final double DUST = 1e-9;

        private final double[] requests;
        private final double[] surplus;
        private final double[] variance;
        private double all;
        private double fellBack;
        private double squares;

        public Sums(int cohorts) {
            requests = new double[cohorts];
            surplus = new double[cohorts];
            variance = new double[cohorts];
        }

        /** Adds a bin: admitted requests by cohort, and those of them that fell back. */
        public void addBin(int[] admitted, int[] counted) {
            double inBin = 0;
            double bad = 0;
            for (int c = 0; c < admitted.length; c++) {
                inBin += admitted[c];
                bad += counted[c];
            }
            if (inBin == 0) {
                return;
            }
            double share = bad / inBin;
            all += inBin;
            fellBack += bad;
            squares += inBin * share * share;
            double spread = inBin > 1 ? share * (1 - share) / (inBin - 1) : 0;
            for (int c = 0; c < admitted.length; c++) {
                requests[c] += admitted[c];
                surplus[c] += counted[c] - admitted[c] * share;
                variance[c] += admitted[c] * (inBin - admitted[c]) * spread;
            }
        }

        /** Adds another window's. */
        public void add(Sums other) {
            all += other.all;
            fellBack += other.fellBack;
            squares += other.squares;
            for (int c = 0; c < requests.length; c++) {
                requests[c] += other.requests[c];
                surplus[c] += other.surplus[c];
                variance[c] += other.variance[c];
            }
        }

        /** The split; empty if all requests ended alike, so that there is nothing to explain. */
        public Optional<VarianceSplit> split() {
            if (fellBack < 0.5 || all - fellBack < 0.5) {
                return Optional.empty();
            }
            double share = fellBack / all;
            double whole = share * (1 - share);
            double between = Math.clamp((squares / all - share * share) / whole, 0, 1);
            double explained = 0;
            double mean = 0;
            double meanSquares = 0;
            for (int c = 0; c < requests.length; c++) {
                if (requests[c] > 0.5) {
                    double weight = Math.max(0, variance[c]) / requests[c];
                    explained += surplus[c] * surplus[c] / requests[c];
                    mean += weight;
                    meanSquares += weight * weight;
                }
            }
            double unit = all * whole;
            double floor = mean < DUST ? 0 : floor(mean, meanSquares) / unit;
            return Optional.of(new VarianceSplit(between, 1 - between, new AgainstChance(explained / unit, floor)));
        }

        /**
         * The 95th percentile of a sum of squared normals with these weights: a scaled χ² with the same mean and variance (Satterthwaite),
         * whose percentile is Wilson and Hilferty's.
         */
        private static double floor(double mean, double meanSquares) {
            double degrees = mean * mean / meanSquares;
            double ninths = 2 / (9 * degrees);
            double root = 1 - ninths + Z95 * Math.sqrt(ninths);
            return mean * root * root * root;
        }
    }
}
