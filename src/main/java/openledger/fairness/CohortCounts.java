package openledger.fairness;

import java.util.stream.IntStream;

/**
 * Requests by cohort: how many there were, and how many of them had the property in question, such as to have fallen back.
 *
 * @param admitted n_i, one for each cohort; never changed after construction
 * @param counted k_i of them, 0 to n_i; as long as {@code admitted}; never changed after construction
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares counts; a window has thousands of them
public record CohortCounts(int[] admitted, int[] counted) {
    /** Fewer requests than this say too little about a cohort to compare it with another. */
    public static final int ENOUGH = 1_000;

    public CohortCounts {
        if (admitted.length != counted.length) {
            throw new IllegalArgumentException(
                    "two numbers for each cohort: " + admitted.length + ", " + counted.length);
        }
        for (int i = 0; i < admitted.length; i++) {
            if (counted[i] < 0 || counted[i] > admitted[i]) {
                throw new IllegalArgumentException(counted[i] + " of " + admitted[i] + " in cohort " + i);
            }
        }
    }

    /** Places of the cohorts that have at least {@code requests} requests. */
    int[] withAtLeast(int requests) {
        return IntStream.range(0, admitted.length)
                .filter(i -> admitted[i] >= requests)
                .toArray();
    }

    /** Of a cohort, if it had so much more: 0 to all it has. */
    double counted(int cohort, double[] more) {
        return Math.clamp(counted[cohort] + more[cohort], 0, admitted[cohort]);
    }

    /** How many cohorts there are. */
    public int cohorts() {
        return admitted.length;
    }

    /** f_i = (k_i + ½) / (n_i + 1), so that a cohort without one is small and not infinitely better. */
    static double share(double counted, int admitted) {
        return (counted + 0.5) / (admitted + 1.0);
    }
}
