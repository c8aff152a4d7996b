package openledger.settlement;

import java.util.List;
import openledger.settlement.DecisionSource.Placed;
import openledger.settlement.PlanSource.Entry;

/**
 * What a batch is made of, and where the next begins to read.
 *
 * @param plans snapshots and plans, in the order of the journal
 * @param plansEnd behind the last of them, and behind all that is known not to be a plan
 * @param decisions in the order of the journal
 * @param end behind the last of them
 */
public record Taken(List<Entry> plans, JournalPlace plansEnd, List<Placed> decisions, JournalPlace end) {
    public Taken {
        plans = List.copyOf(plans);
        decisions = List.copyOf(decisions);
    }

    /** Decisions of a lane that has no plans. */
    public static Taken of(List<Placed> decisions) {
        JournalPlace end =
                decisions.isEmpty() ? JournalPlace.START : decisions.getLast().behind();
        return new Taken(List.of(), end, decisions, end);
    }
}
