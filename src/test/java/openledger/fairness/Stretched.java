package openledger.fairness;

import java.util.Random;
import java.util.stream.IntStream;

/** Counts of a window as if its requests had come in thirty stretches, in each of which all of them met the same. */
final class Stretched {
    private static final int STRETCHES = 30;

    private Stretched() {}

    static FairDeals of(CohortCounts counts) {
        return ofSteps(column(counts.admitted()), column(counts.counted()));
    }

    /** An outcome for each step. */
    static FairDeals ofSteps(int[][] admitted, int[][] counted) {
        int steps = admitted[0].length;
        FairDeal[] stretches = stretches(steps, admitted.length);
        for (int step = 0; step < steps; step++) {
            int[][] ended = new int[admitted.length][];
            for (int cohort = 0; cohort < admitted.length; cohort++) {
                int bad = counted[cohort][step];
                ended[cohort] = new int[] {admitted[cohort][step] - bad, bad};
            }
            deal(ended, stretches, step, 1, 1);
        }
        return together(stretches, steps, admitted.length);
    }

    /** An outcome for each number of attempts but the most: how many take no more. */
    static FairDeals ofAttempts(int[][] attempts) {
        int numbers = attempts[0].length - 1;
        FairDeal[] stretches = stretches(numbers, attempts.length);
        for (int number = 0; number < numbers; number++) {
            deal(attempts, stretches, number, 0, number);
        }
        return together(stretches, numbers, attempts.length);
    }

    /** Requests by cohort and value; those with a value from the least to the most have the outcome. */
    private static void deal(int[][] table, FairDeal[] stretches, int outcome, int least, int most) {
        // The same for each outcome, so that a request lies in one stretch.
        Random random = new Random(11);
        int[][] own = new int[STRETCHES][table.length];
        int[][] marked = new int[STRETCHES][table.length];
        for (int cohort = 0; cohort < table.length; cohort++) {
            for (int value = 0; value < table[cohort].length; value++) {
                for (int i = 0; i < table[cohort][value]; i++) {
                    int stretch = random.nextInt(STRETCHES);
                    own[stretch][cohort]++;
                    marked[stretch][cohort] += value >= least && value <= most ? 1 : 0;
                }
            }
        }
        for (int stretch = 0; stretch < STRETCHES; stretch++) {
            int all = IntStream.of(own[stretch]).sum();
            int bad = IntStream.of(marked[stretch]).sum();
            for (int cohort = 0; cohort < table.length; cohort++) {
                int requests = own[stretch][cohort];
                stretches[stretch].add(outcome, cohort, marked[stretch][cohort], requests, requests, all, bad);
            }
        }
    }

    private static FairDeal[] stretches(int outcomes, int cohorts) {
        FairDeal[] stretches = new FairDeal[STRETCHES];
        for (int i = 0; i < STRETCHES; i++) {
            stretches[i] = new FairDeal(outcomes, cohorts);
        }
        return stretches;
    }

    private static FairDeals together(FairDeal[] stretches, int outcomes, int cohorts) {
        FairDeals deals = new FairDeals(outcomes, cohorts);
        for (FairDeal stretch : stretches) {
            deals.add(stretch);
        }
        return deals;
    }

    private static int[][] column(int[] counts) {
        int[][] column = new int[counts.length][];
        for (int i = 0; i < counts.length; i++) {
            column[i] = new int[] {counts[i]};
        }
        return column;
    }
}
