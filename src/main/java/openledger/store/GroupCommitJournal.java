package openledger.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import openledger.commitment.SnapshotEncoding;
import openledger.inference.Decision;
import openledger.inference.Intent;
import openledger.inference.Journal;
import openledger.inference.PlanJournal;
import openledger.inference.PlannedRequest;
import openledger.routing.Snapshot;
import openledger.store.JournalBuffer.Batch;
import openledger.store.JournalBuffer.Waiter;
import openledger.store.JournalConnection.Chunk;
import openledger.unit.RequestId;

/**
 * The journal in PostgreSQL, one for all event loops: records gather while a commit is under way and the next commit
 * takes them all, so the groups form by themselves and grow with the load. Only an answer that waits and a plan, for which
 * the chain waits, make a commit urgent; all else rides along or goes with the next tick. Durable means committed with {@code
 * synchronous_commit}.
 */
public final class GroupCommitJournal implements Journal, PlanJournal {
    private static final Duration WHEN_FULL = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Context loop;
    private final JournalSettings settings;
    private final JournalBuffer buffer;
    private final JournalConnection connection;
    private final JournalRecovery recovery;
    private boolean committing;
    private long seq;

    /**
     * A journal that is not open yet.
     *
     * @param options how to reach the database; the journal keeps one connection of its own
     * @param recovery what is read back at the start
     * @param laneTaken called if another router turns out to write this lane; the journal takes nothing from then on
     */
    public GroupCommitJournal(
            Vertx vertx,
            PgConnectOptions options,
            JournalSettings settings,
            JournalRecovery recovery,
            Runnable laneTaken) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.settings = settings;
        this.buffer = new JournalBuffer(settings.maxPendingBytes());
        this.recovery = recovery;
        this.connection = new JournalConnection(vertx, options, settings.lane(), () -> {
            buffer.accept(false);
            laneTaken.run();
        });
    }

    /**
     * Takes the lane, gives every intent without a decision its INTERRUPTED, and opens. Completes when intents are
     * accepted; waits for as long as the database or another router's hold on the lane requires.
     */
    public Uni<Void> open() {
        Uni<Void> connected =
                Uni.createFrom().emitter(to -> loop.runOnContext(go -> connection.open(() -> to.complete(null))));
        return connected
                .chain(() -> recovery.read(settings.lane()))
                .chain(this::resume)
                .invoke(() -> buffer.accept(true));
    }

    private Uni<Void> resume(JournalRecovery.State state) {
        return Uni.createFrom()
                .emitter(to -> loop.runOnContext(go -> {
                    seq = state.lastSeq();
                    buffer.continueAfter(state.lastCounter(), state.lastSnapshot());
                    vertx.setPeriodic(settings.flushInterval().toMillis(), tick -> tick());
                    long last = 0;
                    for (Decision interrupted : state.interrupted()) {
                        last = buffer.append(interrupted);
                    }
                    if (last == 0) {
                        to.complete(null);
                    } else {
                        durable(last).subscribe().with(done -> to.complete(null), to::fail);
                    }
                }));
    }

    /** Stops taking intents and writes what is pending; completes when it is durable, or fails after the longest wait. */
    public Uni<Void> close() {
        buffer.accept(false);
        return Uni.createFrom()
                .<Void>emitter(to -> loop.runOnContext(go -> drain(() -> to.complete(null))))
                .ifNoItem()
                .after(settings.maxWait())
                .fail()
                .eventually(() -> loop.runOnContext(go -> connection.close()));
    }

    private void drain(Runnable empty) {
        if (!committing && buffer.pendingBytes() == 0) {
            empty.run();
        } else {
            commit();
            vertx.setTimer(1, later -> drain(empty));
        }
    }

    @Override
    public Appended append(Intent intent) {
        Optional<JournalBuffer.Place> place = buffer.append(intent);
        return place.isPresent()
                ? new Appended.Accepted(
                        new RequestId(settings.lane().value(), place.get().counter()),
                        place.get().position())
                : new Appended.Full(WHEN_FULL);
    }

    @Override
    public void append(Decision decision) {
        buffer.append(decision);
    }

    @Override
    public long lastSnapshot() {
        return buffer.lastSnapshot();
    }

    @Override
    public long append(Snapshot snapshot, List<PlannedRequest> plans) {
        byte[] bytes = SnapshotEncoding.encode(snapshot);
        long position = buffer.append(snapshot.number(), bytes, plans);
        if (plans.isEmpty()) {
            return 0;
        }
        if (buffer.makeUrgent()) {
            loop.runOnContext(go -> commit());
        }
        return position;
    }

    @Override
    public boolean isDurable(long position) {
        return buffer.isDurable(position);
    }

    @Override
    public Uni<Void> durable(long position) {
        if (buffer.isDurable(position)) {
            return Uni.createFrom().voidItem();
        }
        Context caller = Vertx.currentContext();
        return Uni.createFrom().emitter(to -> {
            long deadline = System.nanoTime() + settings.maxWait().toNanos();
            switch (buffer.await(new Waiter(position, deadline, Thread.currentThread(), caller, to))) {
                case OVER -> to.complete(null);
                case WAKES -> loop.runOnContext(go -> commit());
                case JOINS -> {}
            }
        });
    }

    /** True if the journal takes intents and reaches its database. */
    public boolean isOpen() {
        return buffer.isAccepting() && connection.isConnected();
    }

    /** Why it is not open, for people; empty if it is. */
    public String reason() {
        boolean accepts = buffer.isAccepting();
        if (connection.isConnected()) {
            return accepts ? "" : "it is being read back, is closing, or another router holds the lane";
        }
        return accepts
                ? "the connection to the database is lost"
                : "it waits for the database, or for another router to give up the lane";
    }

    /** How many records this process has made durable so far. */
    public long durablePosition() {
        return buffer.durablePosition();
    }

    /** Bytes appended and not durable yet. */
    public int pendingBytes() {
        return buffer.pendingBytes();
    }

    private void tick() {
        commit();
        JournalUnavailable late = new JournalUnavailable("the record did not become durable in time");
        tell(buffer.expired(System.nanoTime()), waiter -> waiter.emitter().fail(late));
    }

    private void commit() {
        if (committing) {
            return;
        }
        Optional<Batch> batch = buffer.take();
        if (batch.isPresent()) {
            committing = true;
            Chunk chunk = new Chunk(LocalDate.now(ZoneOffset.UTC), ++seq, batch.get());
            connection.write(chunk, () -> committed(batch.get()));
        }
    }

    private void committed(Batch batch) {
        committing = false;
        tell(buffer.committed(batch), waiter -> waiter.emitter().complete(null));
        if (buffer.isUrgent()) {
            commit();
        }
    }

    /** Tells waiters on their own event loops, one hop for all of a loop and none for those of this one. */
    private static void tell(List<Waiter> waiters, Consumer<Waiter> news) {
        Map<Thread, List<Waiter>> elsewhere = new HashMap<>();
        for (Waiter waiter : waiters) {
            if (waiter.context() == null || waiter.thread() == Thread.currentThread()) {
                news.accept(waiter);
            } else {
                elsewhere
                        .computeIfAbsent(waiter.thread(), first -> new ArrayList<>())
                        .add(waiter);
            }
        }
        elsewhere.values().forEach(group -> {
            Context loop = group.getFirst().context();
            if (loop != null) {
                loop.runOnContext(go -> group.forEach(news));
            }
        });
    }
}
