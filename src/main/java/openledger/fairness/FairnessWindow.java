package openledger.fairness;

import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import openledger.fairness.Tally.Total;
import openledger.routing.DecisionStatus;
import org.jspecify.annotations.Nullable;

/**
 * The last minutes of one route, mode and gate, as counters and never as requests: parts of equal length, each O(cohorts × steps), of
 * which the oldest is dropped as a whole. Requests count at their end. Adding is O(1), allocates nothing but a part's counters when a part
 * begins, and may be done from any thread.
 */
public final class FairnessWindow {
    /** Buckets of tenants. */
    public static final int COHORTS = 64;
    /** More attempts than this are counted as this many. */
    public static final int MOST_ATTEMPTS = 16;

    private static final long BIN_MILLIS = 1_000;
    private static final int PERCENT_A_STEP = 100 / Tally.STEPS;

    private final long partMillis;
    private final @Nullable Tally[] parts;
    private final int[] binAdmitted = new int[COHORTS];
    private final int[] binCounted = new int[COHORTS];
    private long part = Long.MIN_VALUE;
    private long bin = Long.MIN_VALUE;

    /**
     * An empty window.
     *
     * @param part length of a part: whole seconds
     * @param parts how many of them are kept, the one under way included
     */
    public FairnessWindow(Duration part, int parts) {
        if (part.toMillis() < BIN_MILLIS || part.toMillis() % BIN_MILLIS != 0 || parts < 1) {
            throw new IllegalArgumentException("a window has parts of whole seconds: " + parts + " of " + part);
        }
        this.partMillis = part.toMillis();
        this.parts = new Tally[parts];
    }

    /**
     * A request has ended.
     *
     * @param nowMillis the time; if it is behind that of an earlier call, the request counts with that
     * @param cohort of its tenant, 0 to 63
     * @param attempts it spent
     * @param status how it ended
     * @param attribution why it did not get the best tier
     * @param overtakes later requests that got the best tier meanwhile
     * @param utilisationPercent of the best tier when it came: calls in flight of those that may be, 0 to 100; more counts as 100
     */
    public synchronized void add(
            long nowMillis,
            int cohort,
            int attempts,
            DecisionStatus status,
            Attribution attribution,
            int overtakes,
            int utilisationPercent) {
        advance(nowMillis);
        Tally now = current();
        int step = Math.clamp(utilisationPercent / PERCENT_A_STEP, 0, Tally.STEPS - 1);
        now.request(cohort, Math.clamp(attempts, 0, MOST_ATTEMPTS), step);
        binAdmitted[cohort]++;
        switch (status) {
            case SERVED -> now.best(cohort);
            case FELL_BACK -> denied(now, Total.FELL_BACK, cohort, step);
            case EXHAUSTED -> denied(now, Total.EXHAUSTED, cohort, step);
            case CANCELLED -> now.count(Total.CANCELLED, 1);
            case REJECTED, INTERRUPTED, UNCONFIRMED, TIMED_OUT -> {}
        }
        switch (attribution) {
            case NONE -> {}
            case SLOW -> now.count(Total.SLOW, 1);
            case SELECTIVE -> now.count(Total.SELECTIVE, 1);
            case MISSED -> now.count(Total.MISSED, 1);
        }
        now.count(Total.OVERTAKES, overtakes);
    }

    private void denied(Tally now, Total as, int cohort, int step) {
        now.count(as, 1);
        now.denied(cohort, step);
        binCounted[cohort]++;
    }

    /** What the window says at {@code nowMillis}. The floors are drawn with {@code chance}: the same generator gives the same. */
    public FairnessFigures figures(long nowMillis, RandomGenerator chance) {
        Tally sum = sum(nowMillis);
        int[][] attempts = sum.attempts();
        int[][] admitted = sum.admitted();
        int[][] counted = sum.counted();
        int[] requests = sums(admitted);
        CohortCounts denied = new CohortCounts(requests, sums(counted));
        CohortCounts best = new CohortCounts(requests, sum.servedByBest());
        long all = Arrays.stream(requests).asLongStream().sum();
        return new FairnessFigures(
                all,
                (int) Arrays.stream(requests).filter(n -> n > 0).count(),
                denied.ofAtLeast(CohortCounts.ENOUGH).cohorts(),
                sum.total(Total.FELL_BACK),
                sum.total(Total.EXHAUSTED),
                sum.total(Total.CANCELLED),
                sum.total(Total.SLOW),
                sum.total(Total.SELECTIVE),
                sum.total(Total.MISSED),
                sum.total(Total.OVERTAKES),
                all == 0 ? 0 : (double) spent(attempts) / all,
                Disparity.of(denied, chance),
                AttemptsDistance.of(attempts, chance),
                CongestionParity.of(admitted, counted, chance),
                JainIndex.of(best, chance),
                sum.bins.split());
    }

    /** How much time the window covers. */
    public Duration length() {
        return Duration.ofMillis(partMillis * parts.length);
    }

    private synchronized Tally sum(long nowMillis) {
        advance(nowMillis);
        Tally sum = new Tally();
        for (Tally each : parts) {
            if (each != null) {
                sum.add(each);
            }
        }
        sum.bins.addBin(binAdmitted, binCounted);
        return sum;
    }

    private void advance(long nowMillis) {
        long nowBin = Math.floorDiv(nowMillis, BIN_MILLIS);
        if (nowBin <= bin) {
            return;
        }
        closeBin();
        bin = nowBin;
        long nowPart = Math.floorDiv(nowMillis, partMillis);
        if (nowPart > part) {
            long from = Math.max(part == Long.MIN_VALUE ? nowPart : part + 1, nowPart - parts.length + 1);
            for (long begun = from; begun <= nowPart; begun++) {
                parts[slot(begun)] = null;
            }
            part = nowPart;
        }
    }

    private void closeBin() {
        Tally over = bin == Long.MIN_VALUE ? null : parts[slot(part)];
        if (over != null) {
            over.bins.addBin(binAdmitted, binCounted);
        }
        Arrays.fill(binAdmitted, 0);
        Arrays.fill(binCounted, 0);
    }

    private Tally current() {
        int slot = slot(part);
        Tally there = parts[slot];
        if (there == null) {
            there = new Tally();
            parts[slot] = there;
        }
        return there;
    }

    private int slot(long ofPart) {
        return (int) Math.floorMod(ofPart, (long) parts.length);
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
