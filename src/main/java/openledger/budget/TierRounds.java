package openledger.budget;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import openledger.routing.Backoff;
import openledger.routing.Trigger;

/**
 * The rounds of a request in fast mode over the targets of its tier: which targets it has tried in this round, and how many rounds it has
 * completed. A round ends when no untried target has a free slot, or where the router refused the call; then the request backs off.
 * Confined to one thread.
 */
final class TierRounds {
    private long tried;
    private int round;

    /** It descends: nothing of the new tier has been tried. */
    void enter() {
        tried = 0;
        round = 0;
    }

    /** The target at that place of the tier is called. */
    void call(int index) {
        tried |= 1L << index;
    }

    /** Bit i set: target i was tried in this round. */
    long tried() {
        return tried;
    }

    /** True if the target at that place of the tier was tried in this round. */
    boolean hasTried(int index) {
        return (tried >>> index & 1) != 0;
    }

    /**
     * The wait before the tier's next attempt.
     *
     * @param trigger why the last one did not serve
     * @param isUntriedFree a target that was not tried in this round has a free slot
     * @param jitter uniform in [0, 1), drawn only if there is a wait
     */
    Duration afterFailure(Trigger trigger, boolean isUntriedFree, Backoff backoff, DoubleSupplier jitter) {
        if (!trigger.isRefusal() && isUntriedFree) {
            return Duration.ZERO;
        }
        round++;
        tried = 0;
        return BackoffSchedule.delay(backoff, round, jitter.getAsDouble());
    }
}
