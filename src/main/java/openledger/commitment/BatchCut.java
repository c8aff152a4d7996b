package openledger.commitment;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a batch is cut: full, or a plan waits, or the oldest leaf has waited long enough. Busy or waiting costs little, idle
 * costs nothing. Plans are cut once a block, at the last moment to get into it, as far as is known when blocks come; a plan that waits for
 * witnesses alone is cut at once, because no block brings it nearer to them, and such cuts keep a distance. Under a load that fills batches all the time they keep a distance, since making them takes from the requests;
 * the longer the oldest leaf has waited, the smaller it is, and at {@value #MOST_LAG_MINUTES} minutes there is none. Immutable.
 *
 * @param mostLeaves 1 to 1_200
 * @param planWait how long a plan's leaf may wait while it is not known when blocks come
 * @param betweenPlanCuts least time between two cuts for plans, normally the chain's block interval
 * @param betweenFullCuts time between two full batches while hardly anything waits
 * @param longestWait how long any leaf may wait while batches do not fill
 */
public record BatchCut(
        int mostLeaves, Duration planWait, Duration betweenPlanCuts, Duration betweenFullCuts, Duration longestWait) {
    private static final int MOST_LAG_MINUTES = 5;
    private static final Duration MOST_LAG = Duration.ofMinutes(MOST_LAG_MINUTES);
    /** Blocks that may not have been heard of before nothing is known any more of when they come. */
    private static final int MOST_MISSED = 10;
    /** As often as witnesses are asked. */
    private static final Duration SOON = Duration.ofMillis(200);

    private static final int MOST_MILLIS = 1_000;
    private static final Duration LATER = Duration.ofMillis(MOST_MILLIS);

    public BatchCut {
        if (mostLeaves < 1 || mostLeaves > BatchHeader.MOST_LEAVES) {
            throw new IllegalArgumentException("a batch must have 1..1200 leaves: " + mostLeaves);
        }
    }

    /** Why a batch is cut. */
    public enum Reason {
        FULL,
        PLAN_WAITS,
        /** A plan waits whose request waits for witnesses. */
        WITNESSES_AWAITED,
        OLDEST_WAITED
    }

    /**
     * What waits to be cut.
     *
     * @param leaves how many
     * @param oldest how long the oldest has waited
     * @param oldestPlan how long the oldest plan has waited; empty if none does
     * @param sinceLastCut time since the last batch
     * @param beat when blocks come; empty if that is not known
     * @param forWitnesses least time between the last batch and one for a plan that waits for witnesses
     *     ({@link #betweenWitnessedCuts}); empty if none does
     */
    public record Waiting(
            int leaves,
            Duration oldest,
            Optional<Duration> oldestPlan,
            Duration sinceLastCut,
            Optional<Beat> beat,
            Optional<Duration> forWitnesses) {
        /** Where nobody waits for witnesses. */
        public Waiting(
                int leaves,
                Duration oldest,
                Optional<Duration> oldestPlan,
                Duration sinceLastCut,
                Optional<Beat> beat) {
            this(leaves, oldest, oldestPlan, sinceLastCut, beat, Optional.empty());
        }
    }

    /**
     * When blocks come.
     *
     * @param sinceBlock time since the newest was heard of
     * @param lead how long before a block a batch is to be cut that is to get into it; more than half an interval is taken for
     *     that
     */
    public record Beat(Duration sinceBlock, Duration lead) {}

    /** Whether to cut now, and why. */
    public Optional<Reason> decide(Waiting waiting) {
        if (waiting.leaves == 0) {
            return Optional.empty();
        }
        if (untilMoment(waiting).filter(Duration::isZero).isPresent()) {
            return Optional.of(Reason.PLAN_WAITS);
        }
        if (untilWitnesses(waiting).filter(Duration::isZero).isPresent()) {
            return Optional.of(Reason.WITNESSES_AWAITED);
        }
        if (waiting.leaves >= mostLeaves && waiting.sinceLastCut.compareTo(distance(waiting.oldest)) >= 0) {
            return Optional.of(Reason.FULL);
        }
        return waiting.leaves < mostLeaves && waiting.oldest.compareTo(longestWait) >= 0
                ? Optional.of(Reason.OLDEST_WAITED)
                : Optional.empty();
    }

    /** How long until a batch is cut for the plans that wait, zero if that is now; empty if none waits. */
    public Optional<Duration> untilPlans(Waiting waiting) {
        return Stream.concat(untilMoment(waiting).stream(), untilWitnesses(waiting).stream())
                .min(Duration::compareTo);
    }

    private static Optional<Duration> untilWitnesses(Waiting waiting) {
        return waiting.forWitnesses.map(distance -> longer(distance.minus(waiting.sinceLastCut), Duration.ZERO));
    }

    /**
     * The least time from a batch to one for a plan that waits for witnesses. Every batch takes a transaction, so the chain has to keep up:
     * once half of the batches that may be on their way are, it is the time between two cuts for plans, {@value #MOST_MILLIS} ms at most.
     *
     * @param waiting batches that are in no block
     * @param inFlight as many as may be on their way
     */
    public Duration betweenWitnessedCuts(int waiting, int inFlight) {
        Duration most = waiting * 2 < inFlight ? SOON : LATER;
        return betweenPlanCuts.compareTo(most) < 0 ? betweenPlanCuts : most;
    }

    private Optional<Duration> untilMoment(Waiting waiting) {
        return waiting.oldestPlan.map(age -> waiting.beat
                .filter(this::isKnown)
                .map(beat -> untilMoment(beat, age, waiting.sinceLastCut))
                .orElseGet(() -> longer(planWait.minus(age), betweenPlanCuts.minus(waiting.sinceLastCut))));
    }

    /** How long until the last moment to get into the next block. */
    public Optional<Duration> untilMoment(Optional<Beat> beat) {
        return beat.filter(this::isKnown).map(known -> betweenPlanCuts.minus(sinceMoment(known)));
    }

    private boolean isKnown(Beat beat) {
        return betweenPlanCuts.isPositive()
                && beat.sinceBlock.compareTo(betweenPlanCuts.multipliedBy(MOST_MISSED)) <= 0;
    }

    private Duration untilMoment(Beat beat, Duration age, Duration sinceLastCut) {
        Duration sinceMoment = sinceMoment(beat);
        boolean isFirst = beat.sinceBlock.plus(lead(beat)).compareTo(betweenPlanCuts) < 0;
        // Who came after the moment would miss the block and only take the next cut from those who come later.
        boolean waitedThen = age.compareTo(sinceMoment) >= 0 && sinceLastCut.compareTo(sinceMoment) > 0;
        // Where blocks come faster than was said, no moment ever comes.
        boolean overdue = age.compareTo(betweenPlanCuts) >= 0 && sinceLastCut.compareTo(betweenPlanCuts) >= 0;
        return overdue || (!isFirst && waitedThen) ? Duration.ZERO : betweenPlanCuts.minus(sinceMoment);
    }

    private Duration sinceMoment(Beat beat) {
        long nanos = beat.sinceBlock.plus(lead(beat)).toNanos();
        return Duration.ofNanos(nanos % betweenPlanCuts.toNanos());
    }

    private Duration lead(Beat beat) {
        Duration half = betweenPlanCuts.dividedBy(2);
        return beat.lead.compareTo(half) > 0 ? half : beat.lead;
    }

    private static Duration longer(Duration one, Duration other) {
        Duration longer = one.compareTo(other) >= 0 ? one : other;
        return longer.isNegative() ? Duration.ZERO : longer;
    }

    private Duration distance(Duration lag) {
        double calm = Math.clamp(1 - (double) lag.toMillis() / MOST_LAG.toMillis(), 0, 1);
        return Duration.ofNanos((long) (betweenFullCuts.toNanos() * calm));
    }
}
