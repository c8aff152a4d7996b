package openledger.fairness;

import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Jain's index of the cohorts' best-tier shares s_i: (Σs)² / (n Σs²), 1/n to 1, where 1 is equal (Jain, Chiu, Hawe 1984). Shown because
 * people know it, and never the headline: it is 0.998 where one cohort falls back 1.9 times as often as another.
 *
 * @param value the index
 * @param floor of 100 windows in which cohorts mean nothing among requests that met the same, 99 show at least this
 */
public record JainIndex(double value, double floor) {

    /** What is missing to the floor: unequal beyond chance; never negative. */
    public double excess() {
        return new AgainstChance(1 - value, 1 - floor).excess();
    }

    /**
     * Over the cohorts with enough requests; empty if there are not two of them, or none was served by the best tier.
     *
     * @param served admitted requests, and those the best tier served
     * @param dealt what fair deals would give the cohorts
     */
    static Optional<JainIndex> of(CohortCounts served, FairDeals dealt, RandomGenerator chance) {
        int[] compared = served.withAtLeast(CohortCounts.ENOUGH);
        int total = Arrays.stream(compared).map(i -> served.counted()[i]).sum();
        if (compared.length < 2 || total == 0) {
            return Optional.empty();
        }
        FairDeals.Draws draws = dealt.draws();
        double floor = -Chance.floor(chance, dealer -> -index(served, draws.draw(dealer)[0], compared));
        return Optional.of(new JainIndex(index(served, new double[served.cohorts()], compared), floor));
    }

    private static double index(CohortCounts served, double[] more, int[] compared) {
        double sum = 0;
        double squares = 0;
        for (int i : compared) {
            double share = served.counted(i, more) / served.admitted()[i];
            sum += share;
            squares += share * share;
        }
        // Where nobody is served all are equal.
        return squares == 0 ? 1 : sum * sum / (compared.length * squares);
    }
}
