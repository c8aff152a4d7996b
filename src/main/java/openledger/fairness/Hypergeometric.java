package openledger.fairness;

import java.util.random.RandomGenerator;

/**
 * Draws how many of {@code drawn} things are marked, if {@code marked} of {@code all} are: what a shuffle does to one cohort.
 *
 * <p>Exact, by inversion from the mode, while the standard deviation is below {@value #WIDE}; beyond it a rounded normal, whose
 * cumulative probabilities are then right to about 0.01: the floors need no more, and a draw costs the same for any number of requests.
 */
final class Hypergeometric {
    private static final double WIDE = 10;
    private static final int TABLE = 256;
    private static final double[] LOG_FACTORIALS = new double[TABLE];

    static {
        for (int n = 2; n < TABLE; n++) {
            LOG_FACTORIALS[n] = LOG_FACTORIALS[n - 1] + Math.log(n);
        }
    }

    private Hypergeometric() {}

    /** One draw, between max(0, drawn + marked − all) and min(drawn, marked). */
    static int draw(int drawn, int marked, int all, RandomGenerator chance) {
        int least = (int) Math.max(0L, (long) drawn + marked - all);
        int most = Math.min(drawn, marked);
        if (least == most) {
            return least;
        }
        double share = (double) marked / all;
        double variance = drawn * share * (1 - share) * ((double) (all - drawn) / (all - 1));
        if (variance > WIDE * WIDE) {
            long rounded = Math.round(drawn * share + Math.sqrt(variance) * chance.nextGaussian());
            return Math.clamp(rounded, least, most);
        }
        return inverted(drawn, marked, all, least, most, chance.nextDouble());
    }

    private static int inverted(int drawn, int marked, int all, int least, int most, double level) {
        int mode = Math.clamp((long) ((drawn + 1.0) * (marked + 1.0) / (all + 2.0)), least, most);
        double atMode =
                Math.exp(logChoose(marked, mode) + logChoose(all - marked, drawn - mode) - logChoose(all, drawn));
        double left = level - atMode;
        int low = mode;
        int high = mode;
        double atLow = atMode;
        double atHigh = atMode;
        while (left >= 0 && (low > least || high < most)) {
            if (high < most) {
                atHigh *= (double) (marked - high)
                        * (drawn - high)
                        / ((high + 1.0) * (all - marked - drawn + high + 1.0));
                high++;
                left -= atHigh;
                if (left < 0) {
                    return high;
                }
            }
            if (low > least) {
                atLow *= low * (all - marked - drawn + (double) low) / ((marked - low + 1.0) * (drawn - low + 1.0));
                low--;
                left -= atLow;
                if (left < 0) {
                    return low;
                }
            }
        }
        return mode;
    }

    private static double logChoose(int of, int taken) {
        return logFactorial(of) - logFactorial(taken) - logFactorial(of - taken);
    }

    /** Stirling's series beyond the table; wrong by less than 1e-12 there. */
    private static double logFactorial(int n) {
        if (n < TABLE) {
            return LOG_FACTORIALS[n];
        }
        double inverse = 1.0 / n;
        return n * Math.log(n)
                - n
                + 0.5 * Math.log(2 * Math.PI * n)
                + inverse * (1.0 / 12 - inverse * inverse * (1.0 / 360 - inverse * inverse / 1260));
    }
}
