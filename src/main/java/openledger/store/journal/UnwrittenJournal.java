package openledger.store.journal;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import openledger.inference.record.AttemptMark;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.Journal;
import openledger.inference.record.JournalState;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/**
 * A journal of requests that nobody has asked: it encodes their records as the real one does, and forgets them. Thread-safe.
 */
public final class UnwrittenJournal implements Journal {
    private static final int MOST_PENDING_BYTES = 1 << 20;
    private static final Duration WHEN_FULL = Duration.ofSeconds(1);

    private final LaneId lane;
    private final JournalBuffer buffer = new JournalBuffer(MOST_PENDING_BYTES);

    /** A journal that is open; its requests are named as if they were that lane's. */
    public UnwrittenJournal(LaneId lane) {
        this.lane = lane;
        buffer.accept(true);
    }

    @Override
    public Appended append(Intent intent) {
        Optional<JournalBuffer.Place> place = buffer.append(intent);
        return place.isPresent()
                ? new Appended.Accepted(
                        new RequestId(lane.value(), place.get().counter()),
                        place.get().position())
                : new Appended.Full(WHEN_FULL);
    }

    @Override
    public JournalState state() {
        return JournalState.OPEN;
    }

    @Override
    public Uni<Void> durable(long position) {
        forget();
        return Uni.createFrom().voidItem();
    }

    @Override
    public boolean isDurable(long position) {
        return buffer.isDurable(position);
    }

    @Override
    public long append(AttemptMark attempt) {
        return buffer.append(attempt);
    }

    @Override
    public void append(Decision decision) {
        buffer.append(decision);
        forget();
    }

    private synchronized void forget() {
        buffer.take().ifPresent(buffer::committed);
    }
}
