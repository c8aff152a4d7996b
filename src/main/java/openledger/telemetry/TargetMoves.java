package openledger.telemetry;

import java.util.List;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.unit.TargetId;

/** How a request moved from target to target. */
final class TargetMoves {
    private TargetMoves() {}

    /** Attempts at another target than the last that was tried. */
    static int count(List<AttemptRecord> attempts) {
        int moves = 0;
        int last = TargetId.NONE;
        for (AttemptRecord attempt : attempts) {
            if (attempt.target() != TargetId.NONE) {
                moves += last != TargetId.NONE && attempt.target() != last ? 1 : 0;
                last = attempt.target();
            }
        }
        return moves;
    }

    /** Whether the target that served, or was tried last, is where the plan says; in mode fast nothing is. */
    static boolean isAnnounced(Decision decision) {
        for (AttemptRecord attempt : decision.attempts().reversed()) {
            if (attempt.target() != TargetId.NONE) {
                return decision.plan()
                        .filter(plan -> attempt.number() <= plan.places().size())
                        .filter(plan -> plan.target(attempt.number()) == attempt.target())
                        .isPresent();
            }
        }
        return false;
    }
}
