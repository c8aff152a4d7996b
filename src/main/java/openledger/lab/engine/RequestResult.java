package openledger.lab.engine;

import openledger.fairness.Attribution.BestTierView;

/**
 * The result of a request.
 *
 * @param arrival it was
 * @param epoch of its arrival: whole epochs from the beginning
 * @param turn its place in the public order; that epoch where there are no turns
 * @param pinnedMillis when its plan was made; when it was called, in fast mode
 * @param decidedMillis when the call that served it began
 * @param tier that served it, 0 is the best
 * @param endedMillis when its answer was whole
 * @param attempts it spent
 * @param overtakes later requests that the best tier served while it tried to get there
 * @param view of the best tier when it left it
 */
public record RequestResult(
        Arrival arrival,
        long epoch,
        long turn,
        double pinnedMillis,
        double decidedMillis,
        int tier,
        double endedMillis,
        int attempts,
        int overtakes,
        BestTierView view) {
    boolean isBest() {
        return tier == 0;
    }

    /** From its arrival until its plan was made, ms. */
    double held() {
        return pinnedMillis - arrival.millis();
    }
}
