package openledger.settlement.cut;

import java.util.List;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.PlanSource.Entry;

/**
 * The content of a batch, and where the next begins to read.
 *
 * @param plans snapshots and plans, in the order of the journal
 * @param plansEnd behind the last of them, and behind all that is known not to be a plan
 * @param decisions in the order of the journal
 * @param end behind the last of them
 */
public record BatchInput(List<Entry> plans, JournalOffset plansEnd, List<Placed> decisions, JournalOffset end) {
    public BatchInput {
        plans = List.copyOf(plans);
        decisions = List.copyOf(decisions);
    }

    /** Decisions of a lane that has no plans. */
    public static BatchInput of(List<Placed> decisions) {
        JournalOffset end =
                decisions.isEmpty() ? JournalOffset.START : decisions.getLast().behind();
        return new BatchInput(List.of(), end, decisions, end);
    }
}
