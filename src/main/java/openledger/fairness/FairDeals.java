package openledger.fairness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What fair lotteries would have given the cohorts of a window, from what they got in each of its stretches.
 *
 * <p>A lottery that knows no cohorts gives each of them as much too much as too little, so in each stretch the surpluses of all
 * cohorts may as well have had the opposite sign. A draw chooses the sign of each stretch by itself and adds up. Requests of one burst
 * share their fate and lie in one stretch, or in two, so the draw is as wide as they make it, where a permutation of single requests would
 * be too narrow (a wild cluster bootstrap; Cameron, Gelbach and Miller 2008). What a cohort got evenly in all stretches is taken out before,
 * lest a privilege widen its own floor, and the draw is widened for that, or where the permutation within strata has the larger
 * variance. Over fewer than eight stretches nothing is taken out, and hardly anything is ever
 * above a floor. Confined to one thread.
 */
public final class FairDeals {
    /** Fewer stretches do not tell what is even from what is not. */
    private static final double ENOUGH = 8;

    private final List<FairDeal> stretches = new ArrayList<>();
    private final int outcomes;
    private final int cohorts;

    /**
     * Of no stretch.
     *
     * @param outcomes how many different things are counted
     * @param cohorts how many there are
     */
    public FairDeals(int outcomes, int cohorts) {
        this.outcomes = outcomes;
        this.cohorts = cohorts;
    }

    /** A stretch more; it must not change any more. */
    public void add(FairDeal stretch) {
        stretches.add(stretch);
    }

    /** The stretches of another window more. */
    public void add(FairDeals other) {
        stretches.addAll(other.stretches);
    }

    /** The same with outcomes put together: outcome i counts as {@code groupOf[i]}. */
    FairDeals merged(int[] groupOf, int groups) {
        FairDeals merged = new FairDeals(groups, cohorts);
        for (FairDeal stretch : stretches) {
            merged.add(stretch.merged(groupOf, groups));
        }
        return merged;
    }

    /** {@code [outcome][cohort]}: what each got beyond a fair deal. */
    double[][] surplus() {
        double[][] surplus = new double[outcomes][cohorts];
        for (FairDeal stretch : stretches) {
            for (int at = 0; at < outcomes * cohorts; at++) {
                surplus[at / cohorts][at % cohorts] += stretch.surplus()[at];
            }
        }
        return surplus;
    }

    /** Something that draws. */
    Draws draws() {
        int[] dealt = dealt();
        double[][] packed = new double[stretches.size()][dealt.length];
        double[] got = new double[dealt.length];
        for (int i = 0; i < dealt.length; i++) {
            double[] surplus = new double[packed.length];
            double[] variance = new double[packed.length];
            for (int stretch = 0; stretch < packed.length; stretch++) {
                surplus[stretch] = stretches.get(stretch).surplus()[dealt[i]];
                variance[stretch] = stretches.get(stretch).variance()[dealt[i]];
            }
            got[i] = Arrays.stream(surplus).sum();
            spread(surplus, variance);
            for (int stretch = 0; stretch < packed.length; stretch++) {
                packed[stretch][i] = surplus[stretch];
            }
        }
        return chance -> {
            double[] drawn = new double[dealt.length];
            for (double[] stretch : packed) {
                add(stretch, chance.nextBoolean(), drawn);
            }
            double[][] more = new double[outcomes][cohorts];
            for (int i = 0; i < dealt.length; i++) {
                more[dealt[i] / cohorts][dealt[i] % cohorts] = drawn[i] - got[i];
            }
            return more;
        };
    }

    /** {@code [outcome][cohort]}: what each has more in a draw than it got. */
    @FunctionalInterface
    interface Draws {
        double[][] draw(RandomGenerator chance);
    }

    /** Outcomes of cohorts of which anything was dealt: the others need no draw. */
    private int[] dealt() {
        return IntStream.range(0, outcomes * cohorts)
                .filter(at -> stretches.stream().anyMatch(stretch -> stretch.variance()[at] > 0))
                .toArray();
    }

    /** Makes of surpluses what a draw adds up. */
    private static void spread(double[] surplus, double[] variance) {
        double all = Arrays.stream(variance).sum();
        double got = Arrays.stream(surplus).sum();
        // Kish's number of stretches of equal weight that say as much.
        double number = all * all / squares(variance);
        double widened = 1;
        if (number >= ENOUGH) {
            for (int i = 0; i < surplus.length; i++) {
                surplus[i] -= got * variance[i] / all;
            }
            // What is left spreads less, since its mean is its own.
            widened = Math.sqrt(number / (number - 1));
        }
        double squares = squares(surplus);
        if (squares > 0) {
            double scale = Math.max(widened, Math.sqrt(all / squares));
            for (int i = 0; i < surplus.length; i++) {
                surplus[i] *= scale;
            }
        }
    }

    private static double squares(double[] of) {
        return Arrays.stream(of).map(one -> one * one).sum();
    }

    private static void add(double[] stretch, boolean isTurned, double[] sum) {
        double sign = isTurned ? -1 : 1;
        for (int i = 0; i < sum.length; i++) {
            sum[i] += sign * stretch[i];
        }
    }
}
