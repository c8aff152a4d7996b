package openledger.fairness;

import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Whether one cohort falls back more than the others <em>in the same congestion</em>: its share less that of all other requests, in each
 * fifth of the window's utilisation, and the mean of these; of the cohort where it is furthest from 0. In points of a hundred. A
 * tenant that comes at peak falls back more often and is not treated worse; this figure does not hold it against the router.
 */
public final class CongestionParity {
    /** The fifths of which the figure is the mean. */
    static final int FIFTHS = 5;
    /** A cohort with fewer requests in a fifth is not compared there. */
    static final int ENOUGH_IN_A_FIFTH = 50;

    private static final double POINTS = 100;

    private CongestionParity() {}

    /**
     * Over the cohorts with enough requests; empty if no two have enough.
     *
     * @param admitted requests of each cohort by utilisation: {@code admitted[cohort][step]}, steps of equal width, least first
     * @param counted those of them that fell back or were exhausted, in the same shape
     * @param dealt what fair deals would give the cohorts, of each step
     */
    static Optional<AgainstChance> of(int[][] admitted, int[][] counted, FairDeals dealt, RandomGenerator chance) {
        int[] fifthOf = fifths(admitted);
        int[][] all = merged(admitted, fifthOf);
        int[][] bad = merged(counted, fifthOf);
        int[] enough = IntStream.range(0, admitted.length)
                .filter(cohort -> Arrays.stream(admitted[cohort]).sum() >= CohortCounts.ENOUGH)
                .toArray();
        if (enough.length < 2) {
            return Optional.empty();
        }
        FairDeals.Draws draws = dealt.merged(fifthOf, FIFTHS).draws();
        return Optional.of(new AgainstChance(
                furthest(all, bad, new double[FIFTHS][admitted.length], enough),
                Chance.floor(chance, dealer -> furthest(all, bad, draws.draw(dealer), enough))));
    }

    /** To which fifth of the requests each step of utilisation belongs, by the middle of its own. */
    private static int[] fifths(int[][] admitted) {
        int steps = admitted[0].length;
        long[] ofStep = new long[steps];
        for (int[] cohort : admitted) {
            for (int step = 0; step < steps; step++) {
                ofStep[step] += cohort[step];
            }
        }
        double all = Math.max(1, Arrays.stream(ofStep).sum());
        int[] fifths = new int[steps];
        long below = 0;
        for (int step = 0; step < steps; step++) {
            fifths[step] = (int) Math.min(FIFTHS - 1, (below + ofStep[step] / 2.0) / all * FIFTHS);
            below += ofStep[step];
        }
        return fifths;
    }

    /** {@code [fifth][cohort]}. */
    private static int[][] merged(int[][] bySteps, int[] fifthOf) {
        int[][] merged = new int[FIFTHS][bySteps.length];
        for (int cohort = 0; cohort < bySteps.length; cohort++) {
            for (int step = 0; step < fifthOf.length; step++) {
                merged[fifthOf[step]][cohort] += bySteps[cohort][step];
            }
        }
        return merged;
    }

    private static double furthest(int[][] all, int[][] bad, double[][] more, int[] cohorts) {
        double[] sum = new double[cohorts.length];
        int[] fifths = new int[cohorts.length];
        for (int fifth = 0; fifth < FIFTHS; fifth++) {
            long everyone = Arrays.stream(all[fifth]).asLongStream().sum();
            long everyoneBad = Arrays.stream(bad[fifth]).asLongStream().sum();
            for (int i = 0; i < cohorts.length; i++) {
                int own = all[fifth][cohorts[i]];
                if (own >= ENOUGH_IN_A_FIFTH && everyone > own) {
                    double ownBad = bad[fifth][cohorts[i]] + more[fifth][cohorts[i]];
                    // What a cohort has more the others have less: all stay as many.
                    sum[i] += ownBad / own - (everyoneBad - ownBad) / (everyone - own);
                    fifths[i]++;
                }
            }
        }
        double furthest = 0;
        for (int i = 0; i < cohorts.length; i++) {
            furthest = Math.max(furthest, Math.abs(sum[i] / Math.max(1, fifths[i])));
        }
        return furthest * POINTS;
    }
}
