package openledger.fairness;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Where fairness lives: the variance of Y = [fell back], split. Between bins of 1 s is scarcity: at some times everybody falls back. Within
 * bins is allocation: of two at the same time one did and one did not. Of that, what a request's cohort explains, beyond what it would
 * explain in a fair lottery among requests that met the same, is evidence of unfairness. All are shares of the whole variance, 0 to 1.
 *
 * @param between bins: scarcity
 * @param within bins: allocation; with {@code between} the sum is 1
 * @param cohort of {@code within}: explained by the cohort, as a main effect over all strata, beside its floor
 */
public record VarianceSplit(double between, double within, AgainstChance cohort) {
    /**
     * The split; empty if all requests ended alike, so that there is nothing to explain.
     *
     * <p>The cohort's effect is Σ_c d_c² / n_c, for cohort c with n_c requests and the surplus d_c: those that fell back beyond the share of their
     * stratum.
     *
     * @param admitted requests by cohort
     * @param dealt what fair deals of falling back would give the cohorts
     */
    public static Optional<VarianceSplit> of(Sums sums, int[] admitted, FairDeals dealt, RandomGenerator chance) {
        if (sums.fellBack < 0.5 || sums.all - sums.fellBack < 0.5) {
            return Optional.empty();
        }
        double share = sums.fellBack / sums.all;
        double whole = share * (1 - share);
        double between = Math.clamp((sums.squares / sums.all - share * share) / whole, 0, 1);
        double unit = sums.all * whole;
        double[] surplus = dealt.surplus()[0];
        FairDeals.Draws draws = dealt.draws();
        AgainstChance cohort = new AgainstChance(
                explained(surplus, new double[surplus.length], admitted) / unit,
                Chance.floor(chance, dealer -> explained(surplus, draws.draw(dealer)[0], admitted)) / unit);
        return Optional.of(new VarianceSplit(between, 1 - between, cohort));
    }

    private static double explained(double[] surplus, double[] more, int[] admitted) {
        double explained = 0;
        for (int cohort = 0; cohort < surplus.length; cohort++) {
            if (admitted[cohort] > 0) {
                double own = surplus[cohort] + more[cohort];
                explained += own * own / admitted[cohort];
            }
        }
        return explained;
    }

    /** Sums over bins, whatever the number of bins. Those of several windows can be added up. Confined to one thread. */
    public static final class Sums {
        /** As which they are written. */
        static final int NUMBERS = 3;

        private double all;
        private double fellBack;
        private double squares;

        /** Adds a bin: admitted requests by cohort, and those of them that fell back. */
        public void addBin(int[] admitted, int[] counted) {
            double inBin = sum(admitted);
            if (inBin == 0) {
                return;
            }
            double bad = sum(counted);
            all += inBin;
            fellBack += bad;
            squares += bad * bad / inBin;
        }

        private static double sum(int[] counts) {
            double sum = 0;
            for (int count : counts) {
                sum += count;
            }
            return sum;
        }

        /** The squares in steps of a {@code fine}th. */
        void write(ByteBuffer to, int fine) {
            PartBytes.write(to, Math.round(all));
            PartBytes.write(to, Math.round(fellBack));
            PartBytes.write(to, Math.round(squares * fine));
        }

        /** @throws IllegalArgumentException if more fell back than there were, or there were more than {@code most} */
        void read(ByteBuffer from, int fine, int most) {
            long requests = PartBytes.read(from, most);
            long bad = PartBytes.read(from, requests);
            all = requests;
            fellBack = bad;
            // Of a bin, at most those that fell back in it.
            squares = (double) PartBytes.read(from, bad * fine) / fine;
        }

        /** Adds another window's. */
        public void add(Sums other) {
            all += other.all;
            fellBack += other.fellBack;
            squares += other.squares;
        }
    }
}
