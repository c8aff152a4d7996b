package openledger.fairness;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import openledger.fairness.Tally.Total;

/** All parts of a window together, and what they say. Confined to one thread. */
final class WindowSum {
    private final Tally sum = new Tally();
    private final FairDeals denied = new FairDeals(1, Tally.COHORTS);
    private final FairDeals best = new FairDeals(1, Tally.COHORTS);
    private final FairDeals byStep = new FairDeals(Tally.STEPS, Tally.COHORTS);
    private final FairDeals attempts = new FairDeals(FairnessWindow.MOST_ATTEMPTS, Tally.COHORTS);

    /** A part, which does not change as long as this is used. */
    void add(Tally part) {
        add(part, false);
    }

    /** A part, which may still change. */
    void add(Tally part, boolean changes) {
        sum.add(part);
        denied.add(changes ? part.dealtDenied.copy() : part.dealtDenied);
        best.add(changes ? part.dealtBest.copy() : part.dealtBest);
        byStep.add(changes ? part.dealtByStep.copy() : part.dealtByStep);
        attempts.add(changes ? part.dealtAttempts.copy() : part.dealtAttempts);
    }

    /** A second that is under way. */
    void addBin(int[] admitted, int[] counted) {
        sum.bins.addBin(admitted, counted);
    }

    /** The figures. The floors are drawn with {@code chance}: the same generator gives the same. */
    FairnessFigures figures(RandomGenerator chance) {
        int[][] spent = sum.attempts();
        int[][] admitted = sum.admitted();
        int[][] counted = sum.counted();
        int[] requests = sums(admitted);
        CohortCounts bad = new CohortCounts(requests, sums(counted));
        CohortCounts served = new CohortCounts(requests, sum.servedByBest());
        long all = Arrays.stream(requests).asLongStream().sum();
        return new FairnessFigures(
                all,
                (int) Arrays.stream(requests).filter(n -> n > 0).count(),
                bad.withAtLeast(CohortCounts.ENOUGH).length,
                sum.total(Total.FELL_BACK),
                sum.total(Total.EXHAUSTED),
                sum.total(Total.CANCELLED),
                sum.total(Total.SLOW),
                sum.total(Total.SELECTIVE),
                sum.total(Total.MISSED),
                sum.total(Total.OVERTAKES),
                all == 0 ? 0 : (double) spent(spent) / all,
                Disparity.of(bad, denied, chance),
                AttemptsDistance.of(spent, attempts, chance),
                CongestionParity.of(admitted, counted, byStep, chance),
                JainIndex.of(served, best, chance),
                VarianceSplit.of(sum.bins, requests, denied, chance));
    }

    private static int[] sums(int[][] table) {
        return Arrays.stream(table).mapToInt(row -> Arrays.stream(row).sum()).toArray();
    }

    private static long spent(int[][] attempts) {
        long sum = 0;
        for (int[] cohort : attempts) {
            for (int number = 0; number < cohort.length; number++) {
                sum += (long) number * cohort[number];
            }
        }
        return sum;
    }
}
