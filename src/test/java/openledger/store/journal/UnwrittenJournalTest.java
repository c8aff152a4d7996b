package openledger.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import openledger.commitment.leaf.LeafMode;
import openledger.inference.record.Intent;
import openledger.inference.record.Journal.Appended;
import openledger.inference.record.JournalState;
import openledger.inference.upstream.AnswerForm;
import openledger.routing.Operation;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;

class UnwrittenJournalTest {
    private static final int MANY = 20_000;

    private final UnwrittenJournal journal = new UnwrittenJournal(new LaneId(7));

    @Test
    void requestsAreNamedInOrderAndDurableAtOnce() {
        assertThat(journal.state()).isEqualTo(JournalState.OPEN);
        Appended first = journal.append(intent());
        Appended second = journal.append(intent());

        assertThat(first).isEqualTo(new Appended.Accepted(new RequestId(7, 1), 1));
        assertThat(second).isEqualTo(new Appended.Accepted(new RequestId(7, 2), 2));
        assertThat(journal.isDurable(2)).isFalse();
        journal.durable(2).await().indefinitely();
        assertThat(journal.isDurable(2)).isTrue();
    }

    @Test
    void itIsNeverFullOfWhatItForgets() {
        for (int i = 0; i < MANY; i++) {
            Appended appended = journal.append(intent());
            assertThat(appended)
                    .isInstanceOfSatisfying(
                            Appended.Accepted.class,
                            accepted ->
                                    journal.durable(accepted.position()).await().indefinitely());
        }
    }

    private static Intent intent() {
        return new Intent(
                1, "warm-up", new RouteId(1), Operation.CHAT, LeafMode.FAST, 1, AnswerForm.PLAIN, new byte[32], "", "");
    }
}
