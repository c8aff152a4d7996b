package openledger.fairness;

/**
 * The counters of one stretch of time: plain numbers, so that a window is the sum of its parts, and beside them what fair deals make of it. 35 kB,
 * whatever number of requests it has seen. Confined to whoever locks it.
 */
final class Tally {
    static final int COHORTS = FairnessWindow.COHORTS;
    /** Attempts from 0 to the most that are told apart. */
    static final int ATTEMPTS = FairnessWindow.MOST_ATTEMPTS + 1;
    /** Steps of utilisation, each 5 % wide. */
    static final int STEPS = 20;

    private static final int ADMITTED = COHORTS * ATTEMPTS;
    private static final int COUNTED = ADMITTED + COHORTS * STEPS;
    private static final int BEST = COUNTED + COHORTS * STEPS;
    private static final int OTHERS = BEST + COHORTS;
    private static final int SIZE = OTHERS + Total.values().length;

    private final int[] counters = new int[SIZE];
    final VarianceSplit.Sums bins = new VarianceSplit.Sums();
    final FairDeal dealtDenied = new FairDeal(1, COHORTS);
    final FairDeal dealtBest = new FairDeal(1, COHORTS);
    final FairDeal dealtByStep = new FairDeal(STEPS, COHORTS);
    final FairDeal dealtAttempts = new FairDeal(ATTEMPTS - 1, COHORTS);

    /** What is counted over all cohorts. */
    enum Total {
        FELL_BACK(0),
        EXHAUSTED(1),
        CANCELLED(2),
        SLOW(3),
        SELECTIVE(4),
        MISSED(5),
        OVERTAKES(6);

        private final int place;

        Total(int place) {
            this.place = place;
        }
    }

    void request(int cohort, int attempts, int step) {
        counters[cohort * ATTEMPTS + attempts]++;
        counters[ADMITTED + cohort * STEPS + step]++;
    }

    void denied(int cohort, int step) {
        counters[COUNTED + cohort * STEPS + step]++;
    }

    void best(int cohort) {
        counters[BEST + cohort]++;
    }

    void count(Total total, int more) {
        counters[OTHERS + total.place] += more;
    }

    int total(Total total) {
        return counters[OTHERS + total.place];
    }

    void add(Tally other) {
        for (int i = 0; i < SIZE; i++) {
            counters[i] += other.counters[i];
        }
        bins.add(other.bins);
    }

    /** {@code [cohort][attempts]}. */
    int[][] attempts() {
        return table(0, ATTEMPTS);
    }

    /** {@code [cohort][step of utilisation]}. */
    int[][] admitted() {
        return table(ADMITTED, STEPS);
    }

    /** {@code [cohort][step of utilisation]}. */
    int[][] counted() {
        return table(COUNTED, STEPS);
    }

    /** By cohort. */
    int[] servedByBest() {
        return table(BEST, COHORTS)[0];
    }

    private int[][] table(int from, int width) {
        int rows = from == BEST ? 1 : COHORTS;
        int[][] table = new int[rows][width];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(counters, from + row * width, table[row], 0, width);
        }
        return table;
    }
}
