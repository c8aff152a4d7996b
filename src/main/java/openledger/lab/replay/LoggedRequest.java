package openledger.lab.replay;

import java.util.List;
import openledger.routing.RoutingMode;
import openledger.routing.Trigger;

/**
 * A request of a decision log.
 *
 * @param id its name
 * @param cohort that it belongs to, from 0
 * @param millis when it arrived, Unix ms
 * @param mode how it was settled
 * @param tier that served it, {@link #NO_TIER} if none did
 * @param totalMillis from its arrival to its end
 * @param attempts in the order taken
 */
public record LoggedRequest(
        String id,
        int cohort,
        double millis,
        RoutingMode mode,
        int tier,
        double totalMillis,
        List<LoggedAttempt> attempts) {
    /** {@code tier} of a request nobody served. */
    public static final int NO_TIER = -1;

    public LoggedRequest {
        attempts = List.copyOf(attempts);
    }

    /**
     * One attempt.
     *
     * @param tier from 0, the best
     * @param target {@code provider/model}, empty if none was chosen
     * @param trigger why it did not serve
     * @param startMillis since the request's arrival
     * @param millis until its first content, or its failure
     */
    public record LoggedAttempt(int tier, String target, Trigger trigger, double startMillis, double millis) {
        boolean isCall() {
            return !target.isEmpty() && !trigger.isRefusal();
        }
    }

    /** Served by the best tier. */
    boolean isBest() {
        return tier == 0;
    }

    /** Until the first content of the answer, ms; until its end if there was none. */
    double latency() {
        for (LoggedAttempt attempt : attempts) {
            if (attempt.trigger() == Trigger.NONE && tier != NO_TIER) {
                return attempt.startMillis() + attempt.millis();
            }
        }
        return totalMillis;
    }
}
