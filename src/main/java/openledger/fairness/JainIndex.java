package openledger.fairness;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Jain's index of the cohorts' best-tier shares s_i: (Σs)² / (n Σs²), 1/n to 1, where 1 is equal (Jain, Chiu, Hawe 1984). Shown because
 * people know it, and never the headline: it is 0.998 where one cohort falls back 1.9 times as often as another.
 *
 * @param value the index
 * @param floor of 100 windows in which cohorts mean nothing, 95 show at least this
 */
public record JainIndex(double value, double floor) {

    /** What is missing to the floor: unequal beyond chance; never negative. */
    public double excess() {
        return Math.max(0, floor - value);
    }

    /**
     * Over the cohorts with enough requests; empty if there are not two of them, or none was served by the best tier.
     *
     * @param served admitted requests, and those the best tier served
     */
    public static Optional<JainIndex> of(CohortCounts served, RandomGenerator chance) {
        CohortCounts enough = served.ofAtLeast(CohortCounts.ENOUGH);
        int total = enough.total();
        if (enough.cohorts() < 2 || total == 0) {
            return Optional.empty();
        }
        int[] admitted = enough.admitted();
        double floor = -Shuffle.floor(chance, dealer -> -index(admitted, Shuffle.column(admitted, total, dealer)));
        return Optional.of(new JainIndex(index(admitted, enough.counted()), floor));
    }

    private static double index(int[] admitted, int[] served) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < admitted.length; i++) {
            double share = (double) served[i] / admitted[i];
            sum += share;
            squares += share * share;
        }
        return sum * sum / (admitted.length * squares);
    }
}
