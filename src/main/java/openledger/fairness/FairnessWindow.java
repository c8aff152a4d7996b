package openledger.fairness;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import openledger.fairness.Tally.Total;
import openledger.routing.DecisionStatus;
import org.jspecify.annotations.Nullable;

/**
 * The last minutes of one route, mode and gate, as counters: parts of equal length, each O(cohorts × steps), of which the oldest is dropped
 * as a whole. Requests count at their end. Floors are those of deals among neighbours ({@link Strata}), and parts are the stretches of
 * which a deal chooses the sign ({@link FairDeals}). A request is kept as one number until its part ends, figures are asked for or there
 * are some thousand of them. Adding is O(1) on average, allocates when a part begins and seldom else, and may be done from any thread.
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
    private final Strata strata = new Strata();
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
     * @param arrivedMillis when it came
     * @param cohort of its tenant, 0 to 63
     * @param attempts it spent
     * @param status how it ended
     * @param attribution why it did not get the best tier
     * @param overtakes later requests that got the best tier meanwhile
     * @param utilisationPercent of the best tier when it came: calls in flight of those that may be, 0 to 100; more counts as 100
     */
    public synchronized void add(
            long nowMillis,
            long arrivedMillis,
            int cohort,
            int attempts,
            DecisionStatus status,
            Attribution attribution,
            int overtakes,
            int utilisationPercent) {
        advance(nowMillis);
        Tally now = current();
        int step = Math.clamp(utilisationPercent / PERCENT_A_STEP, 0, Tally.STEPS - 1);
        int counted = Math.clamp(attempts, 0, MOST_ATTEMPTS);
        now.request(cohort, counted, step);
        boolean isDenied = status == DecisionStatus.FELL_BACK || status == DecisionStatus.EXHAUSTED;
        strata.add(arrivedMillis, step, cohort, counted, isDenied, status == DecisionStatus.SERVED);
        if (strata.isFull()) {
            strata.sumUp(now);
        }
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
        return sum(nowMillis).figures(chance);
    }

    /**
     * What was counted in a part that is over at {@code nowMillis}; empty if that is nothing, or it is not kept any more.
     *
     * @param number of the part: time in lengths of a part
     */
    public synchronized Optional<FairnessPart> part(long number, long nowMillis) {
        advance(nowMillis);
        boolean isKept = number < part && number > part - parts.length;
        return isKept ? Optional.ofNullable(parts[slot(number)]).map(FairnessPart::new) : Optional.empty();
    }

    /** How much time the window covers. */
    public Duration length() {
        return Duration.ofMillis(partMillis * parts.length);
    }

    private synchronized WindowSum sum(long nowMillis) {
        advance(nowMillis);
        if (!strata.isEmpty()) {
            strata.sumUp(current());
        }
        WindowSum all = new WindowSum();
        for (int slot = 0; slot < parts.length; slot++) {
            Tally each = parts[slot];
            if (each != null) {
                all.add(each, slot == slot(part));
            }
        }
        all.addBin(binAdmitted, binCounted);
        return all;
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
            Tally over = part == Long.MIN_VALUE ? null : parts[slot(part)];
            if (over != null) {
                strata.sumUp(over);
            }
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
}
