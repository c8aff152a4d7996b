package openledger.fairness;

import java.nio.ByteBuffer;

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

    /** Requests of a cohort at one router in one part; thousands of routers could have so many in a window. */
    private static final int MOST_REQUESTS = 1_000_000;

    private static final int MOST_TOTAL = MOST_REQUESTS * COHORTS;
    /** Steps in which parts of a request are written, so that sums of several routers are the same in whatever order. */
    static final int FINE = 1_024;

    private static final int DEALS = 1 + 1 + STEPS + ATTEMPTS - 1;
    private static final int LONGEST_NUMBER = 6;
    static final int MOST_BYTES = (SIZE + VarianceSplit.Sums.NUMBERS + DEALS * COHORTS * 2) * LONGEST_NUMBER;

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
            counters[i] = (int) Math.min(Integer.MAX_VALUE, (long) counters[i] + other.counters[i]);
        }
        bins.add(other.bins);
    }

    /** The same, and what fair deals make of it. */
    void merge(Tally other) {
        add(other);
        dealtDenied.merge(other.dealtDenied);
        dealtBest.merge(other.dealtBest);
        dealtByStep.merge(other.dealtByStep);
        dealtAttempts.merge(other.dealtAttempts);
    }

    void write(ByteBuffer to) {
        for (int i = 0; i < SIZE; i++) {
            PartBytes.write(to, i < OTHERS ? counters[i] : Math.min(counters[i], MOST_TOTAL));
        }
        bins.write(to, FINE);
        dealtDenied.write(to, FINE);
        dealtBest.write(to, FINE);
        dealtByStep.write(to, FINE);
        dealtAttempts.write(to, FINE);
    }

    /** @throws IllegalArgumentException if the numbers are none that were counted together */
    static Tally read(ByteBuffer from) {
        Tally read = new Tally();
        for (int i = 0; i < SIZE; i++) {
            read.counters[i] = (int) PartBytes.read(from, i < OTHERS ? MOST_REQUESTS : MOST_TOTAL);
        }
        read.check();
        read.bins.read(from, FINE, MOST_TOTAL);
        read.dealtDenied.read(from, FINE, MOST_REQUESTS);
        read.dealtBest.read(from, FINE, MOST_REQUESTS);
        read.dealtByStep.read(from, FINE, MOST_REQUESTS);
        read.dealtAttempts.read(from, FINE, MOST_REQUESTS);
        return read;
    }

    private void check() {
        for (int cohort = 0; cohort < COHORTS; cohort++) {
            long admitted = 0;
            boolean isMore = false;
            for (int step = 0; step < STEPS; step++) {
                int here = counters[ADMITTED + cohort * STEPS + step];
                admitted += here;
                isMore |= counters[COUNTED + cohort * STEPS + step] > here;
            }
            long attempted = 0;
            for (int number = 0; number < ATTEMPTS; number++) {
                attempted += counters[cohort * ATTEMPTS + number];
            }
            if (isMore || admitted > MOST_REQUESTS || attempted != admitted || counters[BEST + cohort] > admitted) {
                throw new IllegalArgumentException("cohort " + cohort + " does not add up");
            }
        }
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
