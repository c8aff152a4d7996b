package openledger.inference;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import openledger.inference.record.AttemptMark;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.Journal;
import openledger.inference.record.JournalState;
import openledger.unit.RequestId;

/** A journal in memory, durable when the test says so. */
public final class MemoryJournal implements Journal {
    public final List<Intent> intents = new ArrayList<>();
    public final List<Decision> decisions = new ArrayList<>();
    final List<AttemptMark> attempts = new ArrayList<>();
    public boolean durable = true;
    public long durableUpTo = Long.MAX_VALUE;
    /** Where marks of attempts stand. */
    long marksAt = Long.MIN_VALUE;

    public boolean full;
    public JournalState state = JournalState.OPEN;
    private final List<UniEmitter<? super Void>> waiting = new ArrayList<>();

    @Override
    public Appended append(Intent intent) {
        if (full) {
            return new Appended.Full(Duration.ofSeconds(2));
        }
        if (state != JournalState.OPEN) {
            return new Appended.NotOpen(state, Duration.ofSeconds(2));
        }
        intents.add(intent);
        return new Appended.Accepted(new RequestId(1, intents.size()), intents.size());
    }

    @Override
    public JournalState state() {
        return state;
    }

    @Override
    public Uni<Void> durable(long position) {
        return Uni.createFrom().emitter(waiting::add);
    }

    @Override
    public boolean isDurable(long position) {
        return durable && position <= durableUpTo;
    }

    @Override
    public long append(AttemptMark attempt) {
        attempts.add(attempt);
        return marksAt;
    }

    @Override
    public void append(Decision decision) {
        decisions.add(decision);
    }

    public void commit() {
        List.copyOf(waiting).forEach(to -> to.complete(null));
    }

    public void giveUp() {
        List.copyOf(waiting).forEach(to -> to.fail(new JournalUnavailable("test")));
    }
}
