package openledger.fairness;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How many times as often the cohort that is worst off falls back as the one that is best off: max f_i / min f_i, at least 1. Never to be
 * read without its floor: under perfect fairness, 64 cohorts of 100 requests each give 3.4.
 */
public final class Disparity {
    private Disparity() {}

    /** Over the cohorts with enough requests; empty if there are not two of them. */
    public static Optional<AgainstChance> of(CohortCounts counts, RandomGenerator chance) {
        return among(counts.ofAtLeast(CohortCounts.ENOUGH), chance);
    }

    /** Over all cohorts, whatever their size; empty if there are not two of them. */
    static Optional<AgainstChance> among(CohortCounts counts, RandomGenerator chance) {
        if (counts.cohorts() < 2) {
            return Optional.empty();
        }
        int[] admitted = counts.admitted();
        int total = counts.total();
        return Optional.of(new AgainstChance(
                ratio(admitted, counts.counted()),
                Shuffle.floor(chance, dealer -> ratio(admitted, Shuffle.column(admitted, total, dealer)))));
    }

    private static double ratio(int[] admitted, int[] counted) {
        double worst = 0;
        double best = 1;
        for (int i = 0; i < admitted.length; i++) {
            double share = CohortCounts.share(counted[i], admitted[i]);
            worst = Math.max(worst, share);
            best = Math.min(best, share);
        }
        return worst / best;
    }
}
