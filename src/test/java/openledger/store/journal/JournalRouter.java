package openledger.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import openledger.demo.LocalPostgres;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.Journal.Appended;
import openledger.settlement.TestDecisions;
import openledger.store.DatabaseServers;
import openledger.store.SettlementDatabase;
import openledger.store.lane.LaneHold;
import openledger.unit.RequestId;

/** A journal as a router has it, with a pool that is always in reach. */
final class JournalRouter implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    final AtomicBoolean lost = new AtomicBoolean();
    final GroupCommitJournal journal;
    final Uni<Void> opening;
    private boolean closed;

    /** One that begins to open its journal. */
    JournalRouter(SettlementDatabase database, String url) {
        journal = new GroupCommitJournal(
                database.vertx,
                servers(url),
                new JournalSettings(SettlementDatabase.LANE, 64 << 20, LONGEST_WAIT, Duration.ofMillis(5)),
                new JournalRecovery(database.pool),
                new LaneHold(SettlementDatabase.LANE),
                () -> lost.set(true));
        opening = Uni.createFrom().completionStage(journal.open().subscribeAsCompletionStage());
    }

    /** As a planned stop. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            get(journal.close());
        }
    }

    /** A request from its intent to its durable decision, as long as it takes; its counter. */
    static long answer(GroupCommitJournal journal) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (journal.append(intent()) instanceof Appended.Accepted accepted) {
                get(journal.durable(accepted.position()));
                assertThat(journal.isDurable(accepted.position())).isTrue();
                journal.append(decision(accepted.id()));
                return accepted.id().counter();
            }
        }
        throw new AssertionError("the journal takes nothing: " + journal.state());
    }

    /** So that what is appended while nothing is written stays within bounds. */
    static void pause() {
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }

    static Intent intent() {
        return TestDecisions.decision(new Random(1), 1).intent();
    }

    static Decision decision(RequestId id) {
        Decision any = TestDecisions.decision(new Random(1), 1);
        return new Decision(
                id,
                any.intent(),
                any.status(),
                any.attempts(),
                any.resends(),
                any.selectedTarget(),
                any.servedTier(),
                any.servedTarget(),
                any.trigger(),
                any.attribution(),
                any.overtakes(),
                any.timeSplit(),
                any.responseDigest(),
                any.mode(),
                any.plan());
    }

    static DatabaseServers servers(String url) {
        return DatabaseServers.at(url, Optional.of(LocalPostgres.USER), Optional.of(LocalPostgres.PASSWORD));
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    static <T> T get(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }
}
