package openledger.fairness;

import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * How unlike the others' a cohort's numbers of attempts are: the Wasserstein-1 distance between its distribution and that of all
 * other requests, of the cohort where it is largest. In attempts: 0.5 means that half of its requests would have to take one attempt more
 * or fewer to look like the rest.
 */
public final class AttemptsDistance {
    private AttemptsDistance() {}

    /**
     * Over the cohorts with enough requests, each against all other requests; empty if no cohort has enough, or there is no other request.
     *
     * @param attempts requests of each cohort by their attempts: {@code attempts[cohort][attempts]}, all rows of one length
     * @param dealt what fair deals would give the cohorts: for each number of attempts but the most, requests that take no more
     */
    static Optional<AgainstChance> of(int[][] attempts, FairDeals dealt, RandomGenerator chance) {
        int[] rows = Arrays.stream(attempts).mapToInt(AttemptsDistance::sum).toArray();
        int all = sum(rows);
        int[] compared = IntStream.range(0, rows.length)
                .filter(row -> rows[row] >= CohortCounts.ENOUGH && rows[row] < all)
                .toArray();
        if (compared.length == 0) {
            return Optional.empty();
        }
        double[][] upTo = upTo(attempts);
        double[] allUpTo = Arrays.stream(upTo)
                .mapToDouble(number -> Arrays.stream(number).sum())
                .toArray();
        FairDeals.Draws draws = dealt.draws();
        return Optional.of(new AgainstChance(
                largest(upTo, rows, compared, allUpTo, all),
                Chance.floor(chance, dealer -> largest(sum(upTo, draws.draw(dealer)), rows, compared, allUpTo, all))));
    }

    /** {@code [number][cohort]}: how many take no more attempts than that; without the most, which is all. */
    private static double[][] upTo(int[][] attempts) {
        double[][] upTo = new double[attempts[0].length - 1][attempts.length];
        for (int cohort = 0; cohort < attempts.length; cohort++) {
            double below = 0;
            for (int number = 0; number < upTo.length; number++) {
                below += attempts[cohort][number];
                upTo[number][cohort] = below;
            }
        }
        return upTo;
    }

    private static double[][] sum(double[][] upTo, double[][] more) {
        for (int number = 0; number < more.length; number++) {
            for (int cohort = 0; cohort < more[number].length; cohort++) {
                more[number][cohort] += upTo[number][cohort];
            }
        }
        return more;
    }

    private static int sum(int[] row) {
        return Arrays.stream(row).sum();
    }

    private static double largest(double[][] upTo, int[] rows, int[] compared, double[] allUpTo, int all) {
        double largest = 0;
        for (int cohort : compared) {
            largest = Math.max(largest, distance(upTo, cohort, rows[cohort], allUpTo, all));
        }
        return largest;
    }

    /** On whole numbers the distance is the area between the two cumulative distributions. */
    private static double distance(double[][] upTo, int cohort, int size, double[] allUpTo, int all) {
        double sum = 0;
        for (int number = 0; number < upTo.length; number++) {
            double own = upTo[number][cohort];
            sum += Math.abs(own / size - (allUpTo[number] - own) / (all - size));
        }
        return sum;
    }
}
