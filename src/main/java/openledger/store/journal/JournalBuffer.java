package openledger.store.journal;

import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import openledger.inference.record.AttemptMark;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.PlannedRequest;
import org.jspecify.annotations.Nullable;

/**
 * The records that have been appended and are not durable yet, and those that wait for them. Names requests under the same lock that orders
 * them, so counters have no gaps and stand in the journal in order. Thread-safe.
 */
final class JournalBuffer {
    private static final int CAPACITY = 64 * 1024;
    private static final int SPARE_LIMIT = 1 << 20;
    private static final int ENDS = 64;

    private final int maxPendingBytes;
    private final PendingShares shares;
    /** By position, since answers do not come in the order of their intents. */
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>(Comparator.comparingLong(Waiter::position));

    private RecordWriter current = new RecordWriter(CAPACITY);
    private int records;
    private int planned;
    /** Counters of the requests whose decisions were appended. */
    private long[] ended = new long[ENDS];

    private int ends;
    private int inFlightBytes;
    private int undecided;
    private long counter;
    private long lastSnapshot;
    private long position;
    private volatile long durable;
    private boolean urgent;
    private boolean accepting;

    JournalBuffer(int maxPendingBytes) {
        this.maxPendingBytes = maxPendingBytes;
        this.shares = new PendingShares(maxPendingBytes);
    }

    /**
     * Continues after the last counter and the last snapshot that are durable.
     *
     * @param interrupted intents before that have no decision yet
     */
    synchronized void continueAfter(long lastCounter, long snapshot, int interrupted) {
        counter = lastCounter;
        lastSnapshot = snapshot;
        undecided = interrupted;
    }

    /** Intents whose decision was not appended. */
    synchronized int undecided() {
        return undecided;
    }

    /** Number of the last snapshot appended, or durable at the start. */
    synchronized long lastSnapshot() {
        return lastSnapshot;
    }

    synchronized void accept(boolean now) {
        accepting = now;
    }

    /** Appends an intent and names it; empty if the journal is closed, or full for its tenant. */
    synchronized Optional<Place> append(Intent intent) {
        if (!accepting || pendingBytes() > maxPendingBytes || !shares.hasRoom(intent.tenant(), pendingBytes())) {
            return Optional.empty();
        }
        int before = current.size();
        RecordEncoding.write(current, ++counter, intent);
        shares.add(intent.tenant(), current.size() - before);
        records++;
        undecided++;
        return Optional.of(new Place(counter, ++position));
    }

    /** Appends the mark of an attempt, whatever the bounds; returns its position. It is not counted among the records. */
    synchronized long append(AttemptMark attempt) {
        RecordEncoding.write(current, attempt);
        return ++position;
    }

    /** Appends a decision, whatever the bounds; returns its position. */
    synchronized long append(Decision decision) {
        int before = current.size();
        RecordEncoding.write(current, decision);
        if (ends == ended.length) {
            ended = Arrays.copyOf(ended, 2 * ends);
        }
        ended[ends++] = decision.id().counter();
        shares.add(decision.intent().tenant(), current.size() - before);
        records++;
        undecided--;
        return ++position;
    }

    /** Appends a snapshot and, with nothing between, plans; whatever the bounds. Returns the position of the last. */
    synchronized long append(long number, byte[] snapshot, List<PlannedRequest> plans) {
        RecordEncoding.write(current, number, snapshot);
        lastSnapshot = number;
        records++;
        planned++;
        position++;
        for (PlannedRequest plan : plans) {
            RecordEncoding.write(current, plan);
            records++;
            planned++;
            position++;
        }
        return position;
    }

    /** Of the record that was appended last. */
    synchronized long lastPosition() {
        return position;
    }

    long durablePosition() {
        return durable;
    }

    boolean isDurable(long upTo) {
        return durable >= upTo;
    }

    /** What is to be done for somebody who wants to wait. */
    enum Wait {
        /** Nothing is to be waited for: it became durable since it was asked. */
        OVER,
        /** A commit should be started on its behalf. */
        WAKES,
        /** A commit is under way or will be. */
        JOINS
    }

    /** Enters a waiter, unless what it waits for is durable: the commit that would release it may have been the last. */
    synchronized Wait await(Waiter waiter) {
        if (isDurable(waiter.position)) {
            return Wait.OVER;
        }
        waiters.add(waiter);
        return makeUrgent() ? Wait.WAKES : Wait.JOINS;
    }

    /** What was appended is to go with the next commit; returns true if one should be started on its behalf. */
    synchronized boolean makeUrgent() {
        boolean wake = !urgent;
        urgent = true;
        return wake;
    }

    synchronized boolean isUrgent() {
        return urgent && current.size() > 0;
    }

    /** Takes everything appended so far for one commit; empty if there is nothing. */
    synchronized Optional<Batch> take() {
        if (current.size() == 0) {
            urgent = false;
            return Optional.empty();
        }
        Batch batch = new Batch(current.toArray(), records, planned, Arrays.copyOf(ended, ends), counter, position);
        inFlightBytes = batch.data.length;
        shares.take();
        if (current.size() > SPARE_LIMIT) {
            current = new RecordWriter(CAPACITY);
        } else {
            current.truncate(0);
        }
        records = 0;
        planned = 0;
        ends = 0;
        urgent = false;
        return Optional.of(batch);
    }

    /** The batch is durable: returns those who waited for it. */
    synchronized List<Waiter> committed(Batch batch) {
        durable = batch.position;
        inFlightBytes = 0;
        shares.committed();
        List<Waiter> released = new ArrayList<>();
        for (Waiter next = waiters.peek(); next != null && next.position <= durable; next = waiters.peek()) {
            released.add(waiters.remove());
        }
        if (!waiters.isEmpty()) {
            urgent = true;
        }
        return released;
    }

    /** Takes out those who have waited too long. */
    synchronized List<Waiter> expired(long nowNanos) {
        List<Waiter> expired = new ArrayList<>();
        waiters.removeIf(waiter -> waiter.deadlineNanos <= nowNanos && expired.add(waiter));
        return expired;
    }

    /** Takes out everybody who waits. */
    synchronized List<Waiter> everybody() {
        List<Waiter> all = List.copyOf(waiters);
        waiters.clear();
        return all;
    }

    synchronized int pendingBytes() {
        return current.size() + inFlightBytes;
    }

    /** Where an intent stands. */
    record Place(long counter, long position) {}

    /**
     * What one commit writes.
     *
     * @param planned how many of the records are snapshots and plans
     * @param ended counters of the requests that end in it
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Batch(byte[] data, int records, int planned, long[] ended, long lastCounter, long position) {}

    /** Somebody who waits for {@code position}, to be told on the thread that waits: an event loop, if it has a context. */
    record Waiter(
            long position,
            long deadlineNanos,
            Thread thread,
            @Nullable Context context,
            UniEmitter<? super Void> emitter) {}
}
