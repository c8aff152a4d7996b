package openledger.fairness;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Deals outcomes to cohorts as if cohorts meant nothing: every order of the window's requests is equally likely, how many requests each
 * cohort has and how many have each outcome stay as they are. Dealing each outcome in turn to what is left of the cohorts is the
 * multivariate hypergeometric law, which is that of the permutation.
 */
final class Shuffle {
    /** The 190th smallest of so many is a floor between the 92nd and the 98th of a hundred, nineteen times of twenty. */
    static final int DRAWS = 200;

    private static final double LEVEL = 0.95;

    private Shuffle() {}

    /**
     * A random table with the given margins.
     *
     * @param rows sum of each row
     * @param columns sum of each column; their total is that of the rows
     */
    static int[][] table(int[] rows, int[] columns, RandomGenerator chance) {
        int[][] table = new int[rows.length][columns.length];
        int[] left = rows.clone();
        int all = Arrays.stream(rows).sum();
        for (int column = 0; column < columns.length; column++) {
            int toDeal = columns[column];
            int beyond = all;
            for (int row = 0; row < rows.length && toDeal > 0; row++) {
                int dealt = Hypergeometric.draw(left[row], toDeal, beyond, chance);
                beyond -= left[row];
                left[row] -= dealt;
                toDeal -= dealt;
                table[row][column] = dealt;
            }
            all -= columns[column];
        }
        return table;
    }

    /** Of each row, how many of {@code total} marked things it gets: the only column of a table that anybody asks for. */
    static int[] column(int[] rows, int total, RandomGenerator chance) {
        int[] column = new int[rows.length];
        int toDeal = total;
        int beyond = Arrays.stream(rows).sum();
        for (int row = 0; row < rows.length && toDeal > 0; row++) {
            column[row] = Hypergeometric.draw(rows[row], toDeal, beyond, chance);
            beyond -= rows[row];
            toDeal -= column[row];
        }
        return column;
    }

    /** What {@link #DRAWS} shuffles do not exceed but in 5 of 100. */
    static double floor(RandomGenerator chance, ToDoubleFunction<RandomGenerator> shuffled) {
        double[] values = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            values[draw] = shuffled.applyAsDouble(chance);
        }
        Arrays.sort(values);
        return values[(int) Math.ceil(LEVEL * DRAWS) - 1];
    }
}
