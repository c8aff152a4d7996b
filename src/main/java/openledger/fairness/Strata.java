package openledger.fairness;

import java.util.Arrays;

/**
 * Requests that have ended and are not summed up yet, as one number each: {@value #MOST} at most, 16 kB. When they are, neighbours make a
 * stratum: consecutive arrivals, few and within half a second, that met the best tier in the same fifth of its utilisation. So whoever
 * sends in bursts is compared with who came during the burst, and few requests a second are compared as well. Confined to whoever locks it.
 */
final class Strata {
    /** More than this are summed up at once, so that sorting them takes a fraction of a millisecond. */
    private static final int MOST = 2_048;
    /** Requests of a stratum: the fewer, the more alike is what they met; of so many, a sixth of what they say is lost. */
    private static final int NEIGHBOURS = 6;

    private static final long WITHIN_MILLIS = 500;
    /** Steps of utilisation in a fifth. */
    private static final int STEPS = 4;

    private static final int COHORT = 6;
    private static final int ATTEMPTS = 5;
    private static final int FLAGS = 2;
    private static final int STEP = 2;
    private static final int STEP_SHIFT = COHORT + ATTEMPTS + FLAGS;
    private static final int MIX_SHIFT = STEP_SHIFT + STEP;
    /** Those that came in the same millisecond are in an order that says nothing about them. */
    private static final int MIX = 10;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int MILLIS_SHIFT = MIX_SHIFT + MIX;
    /** Half a year of milliseconds, which come round; a stratum that they cut in two is no harm. */
    private static final int MILLIS = 34;

    private static final int FIFTH_SHIFT = MILLIS_SHIFT + MILLIS;
    private static final int DENIED = 1;
    private static final int BEST = 2;

    private long[] ended = new long[64];
    private int count;
    private final int[] own = new int[NEIGHBOURS];
    private final int[] upTo = new int[FairnessWindow.MOST_ATTEMPTS];

    boolean isEmpty() {
        return count == 0;
    }

    /** True if they should be summed up now. */
    boolean isFull() {
        return count >= MOST;
    }

    /** A request, of a step of utilisation from 0 to 19. */
    void add(long arrivedMillis, int step, int cohort, int attempts, boolean isDenied, boolean isBest) {
        if (count == ended.length) {
            ended = Arrays.copyOf(ended, count * 2);
        }
        long key = ((long) (step / STEPS) << FIFTH_SHIFT)
                | ((arrivedMillis & ((1L << MILLIS) - 1)) << MILLIS_SHIFT)
                | (((count * GOLDEN) >>> (Long.SIZE - MIX)) << MIX_SHIFT)
                | ((long) (step % STEPS) << STEP_SHIFT);
        int value = (((cohort << ATTEMPTS) | attempts) << FLAGS) | (isDenied ? DENIED : 0) | (isBest ? BEST : 0);
        ended[count++] = key | value;
    }

    /** Sums them up and forgets them. */
    void sumUp(Tally into) {
        Arrays.sort(ended, 0, count);
        int from = 0;
        while (from < count) {
            int to = end(from);
            sumUp(from, to, into);
            from = to;
        }
        count = 0;
    }

    private int end(int from) {
        // A fifth is above the time, so that the first of another one is never within it.
        long last = (ended[from] >>> MILLIS_SHIFT) + WITHIN_MILLIS;
        int to = from + 1;
        while (to < count && to - from < NEIGHBOURS && ended[to] >>> MILLIS_SHIFT < last) {
            to++;
        }
        return to;
    }

    private void sumUp(int from, int to, Tally into) {
        int all = to - from;
        if (all == 1) {
            return;
        }
        Arrays.fill(own, 0);
        for (int i = 0; i < all; i++) {
            for (int j = 0; j < all; j++) {
                own[i] += cohort(ended[from + i]) == cohort(ended[from + j]) ? 1 : 0;
            }
        }
        int denied = with(DENIED, from, to);
        int best = with(BEST, from, to);
        sumUpAttempts(from, to);
        for (int i = 0; i < all; i++) {
            long one = ended[from + i];
            int cohort = cohort(one);
            int isDenied = (one & DENIED) != 0 ? 1 : 0;
            into.dealtDenied.add(0, cohort, isDenied, 1, own[i], all, denied);
            into.dealtBest.add(0, cohort, (one & BEST) != 0 ? 1 : 0, 1, own[i], all, best);
            into.dealtByStep.add(step(one), cohort, isDenied, 1, own[i], all, denied);
            int attempts = attempts(one);
            for (int number = 0; number < upTo.length; number++) {
                into.dealtAttempts.add(number, cohort, attempts <= number ? 1 : 0, 1, own[i], all, upTo[number]);
            }
        }
    }

    private int with(int flag, int from, int to) {
        int with = 0;
        for (int i = from; i < to; i++) {
            with += (ended[i] & flag) != 0 ? 1 : 0;
        }
        return with;
    }

    /** How many took no more attempts than a number; without the most, which is all. */
    private void sumUpAttempts(int from, int to) {
        Arrays.fill(upTo, 0);
        for (int i = from; i < to; i++) {
            for (int number = attempts(ended[i]); number < upTo.length; number++) {
                upTo[number]++;
            }
        }
    }

    private static int cohort(long one) {
        return (int) (one >>> (ATTEMPTS + FLAGS)) & ((1 << COHORT) - 1);
    }

    private static int attempts(long one) {
        return (int) (one >>> FLAGS) & ((1 << ATTEMPTS) - 1);
    }

    private static int step(long one) {
        return (int) (one >>> FIFTH_SHIFT) * STEPS + ((int) (one >>> STEP_SHIFT) & ((1 << STEP) - 1));
    }
}
