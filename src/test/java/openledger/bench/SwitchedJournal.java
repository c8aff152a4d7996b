package openledger.bench;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;
import openledger.inference.record.AttemptMark;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.Journal;
import openledger.inference.record.JournalState;
import openledger.store.journal.GroupCommitJournal;
import openledger.unit.RequestId;

/**
 * The journal of {@link JournalBench}: the real one, or one that names requests and forgets them, so that both can be
 * measured in turns in one router. It is among the tests only, so no user can run without records. To be switched when
 * no request is under way; else safe for several threads.
 */
@Alternative
@Singleton
public final class SwitchedJournal implements Journal {
    /** Beyond any name that the real journal gives. */
    private static final long FIRST_FORGOTTEN = 1L << 48;

    private static final long LANE = 1;

    private final GroupCommitJournal real;
    private final AtomicLong forgotten = new AtomicLong(FIRST_FORGOTTEN);
    private volatile Records records = Records.ON;

    /** Whether requests are recorded. */
    enum Records {
        ON,
        OFF
    }

    SwitchedJournal(GroupCommitJournal real) {
        this.real = real;
    }

    void turn(Records to) {
        records = to;
    }

    @Override
    public Appended append(Intent intent) {
        return switch (records) {
            case ON -> real.append(intent);
            case OFF -> new Appended.Accepted(new RequestId(LANE, forgotten.incrementAndGet()), 0);
        };
    }

    @Override
    public JournalState state() {
        return switch (records) {
            case ON -> real.state();
            case OFF -> JournalState.OPEN;
        };
    }

    @Override
    public Uni<Void> durable(long position) {
        return switch (records) {
            case ON -> real.durable(position);
            case OFF -> Uni.createFrom().voidItem();
        };
    }

    @Override
    public boolean isDurable(long position) {
        return switch (records) {
            case ON -> real.isDurable(position);
            case OFF -> true;
        };
    }

    @Override
    public long append(AttemptMark attempt) {
        return attempt.id().counter() < FIRST_FORGOTTEN ? real.append(attempt) : 0;
    }

    @Override
    public void append(Decision decision) {
        // By its name: a request whose client has gone may end in a later turn.
        if (decision.id().counter() < FIRST_FORGOTTEN) {
            real.append(decision);
        }
    }
}
