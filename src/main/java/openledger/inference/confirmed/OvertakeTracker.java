package openledger.inference.confirmed;

import openledger.fairness.Attribution.BestTierView;
import openledger.fairness.LaterTurns;
import openledger.routing.allocation.OpenRequest;

/**
 * A confirmed request's time in the best tier: from the end of the epoch in which it got its turn until its attempts there have
 * ended; and who overtook it meanwhile. Confined to the request's event loop.
 */
final class OvertakeTracker {
    private final LaterTurns turns;
    private long turn = OpenRequest.NO_TURN;
    private int before;
    private int overtakes;
    private BestTierView view = BestTierView.SHOWED_NONE;
    private boolean hasEnded;

    OvertakeTracker(LaterTurns turns) {
        this.turns = turns;
    }

    /** It has a turn, which counts from now on unless it had one before. */
    void inTurn(long given) {
        if (turn == OpenRequest.NO_TURN) {
            turn = given;
            before = turns.servedAfter(given);
        }
    }

    /** It gave its turn up, and will get another one. */
    void forgetTurn() {
        turn = OpenRequest.NO_TURN;
    }

    /** The best tier has served it. */
    void served() {
        turns.served(turn);
    }

    /** Its attempts in the best tier have ended; only the first time counts. */
    void end(BestTierView showed) {
        if (!hasEnded) {
            hasEnded = true;
            overtakes = Math.max(0, turns.servedAfter(turn) - before);
            view = showed;
        }
    }

    /** Requests of a later turn that the best tier served meanwhile. */
    int overtakes() {
        return overtakes;
    }

    /** What was seen of the best tier when it ended. */
    BestTierView view() {
        return view;
    }
}
