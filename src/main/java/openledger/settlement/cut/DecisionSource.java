package openledger.settlement.cut;

import io.smallrye.mutiny.Uni;
import java.util.List;
import openledger.inference.record.Decision;

/** Port: finished decisions in the order of the journal. Only what is durable is seen. */
public interface DecisionSource {
    /** The decisions after {@code place}, about {@code atMost} and never more than twice as many; empty if there is none. */
    Uni<List<Placed>> after(JournalOffset place, int atMost);

    /** About how many decisions there are after {@code place}. Costs more the more there are: not for every moment. */
    Uni<Long> countAfter(JournalOffset place);

    /**
     * A decision and the place behind it.
     *
     * @param behind where reading goes on once this decision is in a batch
     */
    record Placed(Decision decision, JournalOffset behind) {}
}
