package openledger.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.smallrye.mutiny.Uni;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import openledger.inference.record.Decision;
import openledger.inference.record.Decisions.Found;
import openledger.inference.record.Journal.Appended;
import openledger.settlement.TestDecisions;
import openledger.store.SettlementDatabase;
import openledger.store.lane.LaneHold;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request without a row is found in the journal, however much was written between its intent and its end. */
final class JournalSearchTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final RequestId FIRST = new RequestId(TestDecisions.LANE, 1);

    private final Random random = new Random(5);
    private final Decision decision = TestDecisions.decision(random, 1);

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate journal_chunk, projection, decision");
    }

    @Test
    void findsAnEndFiveThousandCommitsAfterItsIntent() throws SQLException {
        RecordWriter intent = new RecordWriter(1_024);
        RecordEncoding.write(intent, 1, decision.intent());
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        DATABASE.chunk(1, today, intent, 1);
        DATABASE.execute("insert into journal_chunk select day, lane, n, writer, last_counter, 0, ''::bytea, 0"
                + " from journal_chunk, generate_series(2, 5001) as n");
        RecordWriter end = new RecordWriter(1_024);
        RecordEncoding.write(end, decision);
        DATABASE.chunk(5_002, today, end, 1);
        DATABASE.execute("update journal_chunk set last_counter = 1");

        GroupCommitJournal journal = open();

        assertThat(find(journal)).containsInstanceOf(Found.Finished.class);
        get(journal.close());
    }

    @Test
    void findsAnEndThatWasJustWrittenBehindManyCommits() {
        GroupCommitJournal journal = open();
        assertThat(journal.append(decision.intent())).isInstanceOf(Appended.Accepted.class);
        for (int i = 0; i < 600; i++) {
            if (journal.append(decision.intent()) instanceof Appended.Accepted(var id, var position)) {
                get(journal.durable(position));
            }
        }
        assertThat(find(journal)).containsInstanceOf(Found.Open.class);
        journal.append(decision);
        if (journal.append(decision.intent()) instanceof Appended.Accepted(var id, var position)) {
            get(journal.durable(position));
        }

        assertThat(find(journal)).containsInstanceOf(Found.Finished.class);
        journal.ends().derived(Long.MAX_VALUE);
        assertThat(find(journal)).as("by its row from then on").containsInstanceOf(Found.Open.class);
        get(journal.close());
    }

    private static Optional<Found> find(GroupCommitJournal journal) {
        return get(new JournalSearch(DATABASE.vertx, DATABASE.pool, journal.ends()).find(FIRST));
    }

    private static GroupCommitJournal open() {
        GroupCommitJournal journal = new GroupCommitJournal(
                DATABASE.vertx,
                DATABASE.servers(),
                new JournalSettings(new LaneId(TestDecisions.LANE), 64 << 20, PATIENCE, Duration.ofMillis(5)),
                new JournalRecovery(DATABASE.pool),
                new LaneHold(SettlementDatabase.LANE),
                () -> fail("somebody else writes our lane"));
        get(journal.open());
        return journal;
    }

    private static <T> T get(Uni<T> asked) {
        return asked.await().atMost(PATIENCE);
    }
}
