package openledger.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import openledger.inference.record.Journal.Appended;
import openledger.inference.record.Journal.Appended.Accepted;
import openledger.store.SettlementDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real journal is closed while requests end. */
final class JournalStopTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    /** Long enough that a journal which waits for nothing is closed before. */
    private static final Duration LATER = Duration.ofMillis(300);

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate journal_chunk, projection, decision");
    }

    @Test
    void aRequestThatEndsDuringTheStopIsRecordedAsWhatItIs() {
        try (JournalRouter router = new JournalRouter(DATABASE, DATABASE.url())) {
            JournalRouter.get(router.opening);
            Accepted taken = (Accepted) router.journal.append(JournalRouter.intent());

            CompletableFuture<Void> closed =
                    router.journal.close().subscribeAsCompletionStage().toCompletableFuture();
            DATABASE.vertx.setTimer(
                    LATER.toMillis(), later -> router.journal.append(JournalRouter.decision(taken.id())));
            closed.orTimeout(JournalRouter.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();

            assertThat(router.journal.append(JournalRouter.intent())).isInstanceOf(Appended.NotOpen.class);
            assertThat(interrupted()).isZero();
        }
    }

    @Test
    void aRequestThatDoesNotEndHoldsNoStop() {
        try (JournalRouter router = new JournalRouter(DATABASE, DATABASE.url())) {
            JournalRouter.get(router.opening);
            router.journal.append(JournalRouter.intent());
        }

        assertThat(interrupted()).isEqualTo(1);
    }

    private static int interrupted() {
        JournalRecovery.State state = JournalRouter.get(new JournalRecovery(DATABASE.pool)
                .read(SettlementDatabase.LANE, new RecentEnds(SettlementDatabase.LANE)));
        return state.interrupted().size();
    }
}
