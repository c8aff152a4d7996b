package openledger.fairness;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How many times as often the cohort that is worst off falls back as the one that is best off: max f_i / min f_i, at least 1. Never to be
 * read without its floor: under perfect fairness, 64 cohorts of 100 requests each give 3.4.
 */
public final class Disparity {
    private Disparity() {}

    /**
     * Over the cohorts with enough requests; empty if there are not two of them.
     *
     * @param dealt what fair deals would give them
     */
    public static Optional<AgainstChance> of(CohortCounts counts, FairDeals dealt, RandomGenerator chance) {
        return of(counts, dealt, CohortCounts.ENOUGH, chance);
    }

    /** Over the cohorts with so many requests; empty if there are not two of them. */
    static Optional<AgainstChance> of(CohortCounts counts, FairDeals dealt, int enough, RandomGenerator chance) {
        int[] compared = counts.withAtLeast(enough);
        if (compared.length < 2) {
            return Optional.empty();
        }
        FairDeals.Draws draws = dealt.draws();
        double[] none = new double[counts.cohorts()];
        return Optional.of(new AgainstChance(
                ratio(counts, none, compared),
                Chance.floor(chance, dealer -> ratio(counts, draws.draw(dealer)[0], compared))));
    }

    private static double ratio(CohortCounts counts, double[] more, int[] compared) {
        double worst = 0;
        double best = 1;
        for (int i : compared) {
            double share = CohortCounts.share(counts.counted(i, more), counts.admitted()[i]);
            worst = Math.max(worst, share);
            best = Math.min(best, share);
        }
        return worst / best;
    }
}
