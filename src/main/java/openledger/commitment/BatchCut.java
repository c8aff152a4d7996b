package openledger.commitment;

import java.time.Duration;
import java.util.Optional;

/**
 * When a batch is cut: full, or a plan waits, or the oldest leaf has waited long enough. Busy or waiting costs little, idle
 * costs nothing. Under a load that fills batches all the time they keep a distance, since making them takes from the requests;
 * the longer the oldest leaf has waited, the smaller it is, and at {@value #MOST_LAG_MINUTES} minutes there is none. Immutable.
 *
 * @param mostLeaves 1 to 1_200
 * @param planWait how long a plan's leaf may wait
 * @param betweenPlanCuts least time between two cuts for plans, normally the chain's block interval
 * @param betweenFullCuts time between two full batches while hardly anything waits
 * @param longestWait how long any leaf may wait while batches do not fill
 */
public record BatchCut(
        int mostLeaves, Duration planWait, Duration betweenPlanCuts, Duration betweenFullCuts, Duration longestWait) {
    private static final int MOST_LAG_MINUTES = 5;
    private static final Duration MOST_LAG = Duration.ofMinutes(MOST_LAG_MINUTES);

    public BatchCut {
        if (mostLeaves < 1 || mostLeaves > BatchHeader.MOST_LEAVES) {
            throw new IllegalArgumentException("a batch has 1..1200 leaves: " + mostLeaves);
        }
    }

    /** Why a batch is cut. */
    public enum Reason {
        FULL,
        PLAN_WAITS,
        OLDEST_WAITED
    }

    /**
     * What waits to be cut.
     *
     * @param leaves how many
     * @param oldest how long the oldest has waited
     * @param oldestPlan how long the oldest plan has waited; empty if none does
     * @param sinceLastCut time since the last batch
     */
    public record Waiting(int leaves, Duration oldest, Optional<Duration> oldestPlan, Duration sinceLastCut) {}

    /** Whether to cut now, and why. */
    public Optional<Reason> decide(Waiting waiting) {
        if (waiting.leaves == 0) {
            return Optional.empty();
        }
        if (waiting.leaves >= mostLeaves && waiting.sinceLastCut.compareTo(distance(waiting.oldest)) >= 0) {
            return Optional.of(Reason.FULL);
        }
        if (waiting.oldestPlan.filter(age -> age.compareTo(planWait) >= 0).isPresent()
                && waiting.sinceLastCut.compareTo(betweenPlanCuts) >= 0) {
            return Optional.of(Reason.PLAN_WAITS);
        }
        return waiting.leaves < mostLeaves && waiting.oldest.compareTo(longestWait) >= 0
                ? Optional.of(Reason.OLDEST_WAITED)
                : Optional.empty();
    }

    private Duration distance(Duration lag) {
        double calm = Math.clamp(1 - (double) lag.toMillis() / MOST_LAG.toMillis(), 0, 1);
        return Duration.ofNanos((long) (betweenFullCuts.toNanos() * calm));
    }
}
