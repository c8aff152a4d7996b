package openledger.settlement.cut;

import io.smallrye.mutiny.Uni;
import java.util.List;
import openledger.inference.record.PlannedRequest;

/**
 * Port: snapshots and plans in the order of the journal, apart from the decisions, so that no plan waits behind a backlog of
 * outcomes. Only what is durable is seen.
 */
public interface PlanSource {
    /** What was recorded after {@code place}, about {@code atMost} plans and never more than twice as many; empty if there is none. */
    Uni<List<Entry>> after(JournalOffset place, int atMost);

    /** A snapshot or a plan made from it, and the place behind it. */
    sealed interface Entry {
        /** Where reading goes on once this is in a batch. */
        JournalOffset behind();

        /**
         * A snapshot.
         *
         * @param number its number
         * @param bytes {@link openledger.commitment.SnapshotEncoding}; never changed after construction
         */
        @SuppressWarnings("ArrayRecordComponent") // nobody compares it
        record OfSnapshot(long number, byte[] bytes, JournalOffset behind) implements Entry {}

        /** A plan; its snapshot comes before it. */
        record OfPlan(PlannedRequest plan, JournalOffset behind) implements Entry {}
    }
}
