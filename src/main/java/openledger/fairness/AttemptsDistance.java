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
     */
    public static Optional<AgainstChance> of(int[][] attempts, RandomGenerator chance) {
        int[][] table = withOthersLast(attempts);
        int compared = table.length - 1;
        int[] rows = Arrays.stream(table).mapToInt(AttemptsDistance::sum).toArray();
        int[] columns = columns(table, table[0].length);
        int all = Arrays.stream(rows).sum();
        if (compared == 0 || rows[0] == all) {
            return Optional.empty();
        }
        return Optional.of(new AgainstChance(
                largest(table, rows, columns),
                Shuffle.floor(chance, dealer -> largest(Shuffle.table(rows, columns, dealer), rows, columns))));
    }

    /** Cohorts with enough requests, and in the last row all others together: part of the rest, but not compared. */
    private static int[][] withOthersLast(int[][] attempts) {
        int[][] large = Arrays.stream(attempts)
                .filter(row -> sum(row) >= CohortCounts.ENOUGH)
                .toArray(int[][]::new);
        int[][] small = Arrays.stream(attempts)
                .filter(row -> sum(row) < CohortCounts.ENOUGH)
                .toArray(int[][]::new);
        int[][] table = Arrays.copyOf(large, large.length + 1);
        table[large.length] = columns(small, attempts[0].length);
        return table;
    }

    private static int[] columns(int[][] table, int width) {
        return IntStream.range(0, width)
                .map(column -> Arrays.stream(table).mapToInt(row -> row[column]).sum())
                .toArray();
    }

    private static int sum(int[] row) {
        return Arrays.stream(row).sum();
    }

    private static double largest(int[][] table, int[] rows, int[] columns) {
        int all = Arrays.stream(rows).sum();
        double largest = 0;
        for (int row = 0; row < table.length - 1; row++) {
            largest = Math.max(largest, distance(table[row], rows[row], columns, all));
        }
        return largest;
    }

    /** On whole numbers the distance is the area between the two cumulative distributions. */
    private static double distance(int[] own, int size, int[] columns, int all) {
        double sum = 0;
        long below = 0;
        long allBelow = 0;
        for (int i = 0; i < own.length - 1; i++) {
            below += own[i];
            allBelow += columns[i];
            sum += Math.abs((double) below / size - (double) (allBelow - below) / (all - size));
        }
        return sum;
    }
}
