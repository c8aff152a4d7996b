package openledger.store.journal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import openledger.commitment.SnapshotEncoding;
import openledger.inference.record.AttemptMark;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.Journal;
import openledger.inference.record.JournalState;
import openledger.inference.record.PlanJournal;
import openledger.inference.record.PlannedRequest;
import openledger.routing.allocation.Snapshot;
import openledger.store.DatabaseServers;
import openledger.store.journal.JournalBuffer.Batch;
import openledger.store.journal.JournalBuffer.Waiter;
import openledger.store.journal.JournalConnection.Chunk;
import openledger.store.lane.LaneHold;
import openledger.unit.RequestId;
import org.jboss.logging.Logger;

/**
 * The journal in PostgreSQL, one for all event loops: records gather while a commit is under way and the next commit
 * takes them all, so the groups form by themselves and grow with the load. Only an answer that waits and a plan, for which
 * the chain waits, make a commit urgent; all else rides along or goes with the next tick. Durable means committed with {@code
 * synchronous_commit}.
 *
 * <p>Long because what becomes of records, waiters and the lane has to agree.
 */
public final class GroupCommitJournal implements Journal, PlanJournal {
    private static final Logger LOG = Logger.getLogger(GroupCommitJournal.class);
    private static final Duration WHEN_FULL = Duration.ofSeconds(1);
    private static final Duration WHEN_NOT_OPEN = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_UNDECIDED = Duration.ofSeconds(3);

    private final Vertx vertx;
    private final Context loop;
    private final JournalSettings settings;
    private final JournalBuffer buffer;
    private final LaneHold hold;
    private final JournalConnection connection;
    private final JournalRecovery recovery;
    private final RecentEnds ends;
    private final CompletableFuture<Void> laneTaken = new CompletableFuture<>();
    private volatile JournalState standing = JournalState.UNREACHABLE;
    private boolean committing;
    private long ticking;
    private long seq;

    /**
     * A journal that is not open yet.
     *
     * @param database whose primary has the journal; it keeps one connection of its own
     * @param recovery what is read back at the start
     * @param hold on the settings' lane; taken by the journal, unless it is already
     * @param laneLost called if another router has taken this lane; from then on the journal takes nothing, and nothing of what
     *     it has taken becomes durable
     */
    public GroupCommitJournal(
            Vertx vertx,
            DatabaseServers database,
            JournalSettings settings,
            JournalRecovery recovery,
            LaneHold hold,
            Runnable laneLost) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.settings = settings;
        this.buffer = new JournalBuffer(settings.maxPendingBytes());
        this.recovery = recovery;
        this.ends = new RecentEnds(settings.lane());
        this.hold = hold;
        this.connection = new JournalConnection(vertx, database, hold, new Standing(laneLost));
    }

    /** Opens it for a lane that has nothing else to be done first. */
    public Uni<Void> open() {
        return open(() -> Uni.createFrom().voidItem());
    }

    /**
     * Takes the lane, gives every intent without a decision its INTERRUPTED, and opens. Completes when intents are
     * accepted; waits for as long as the database or another router's hold on the lane requires.
     *
     * @param before what has to be done once the lane is ours and before an intent is accepted; tried again until it succeeds
     */
    public Uni<Void> open(Supplier<Uni<? extends Void>> before) {
        loop.runOnContext(go -> {
            ticking = vertx.setPeriodic(settings.flushInterval().toMillis(), tick -> tick());
            connection.open();
        });
        return Uni.createFrom()
                .completionStage(laneTaken)
                .chain(() -> recovery.read(settings.lane(), ends)
                        .onFailure()
                        .retry()
                        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                        .indefinitely())
                .chain(this::resume)
                .chain(() -> Uni.createFrom()
                        .deferred(before)
                        .onFailure()
                        .retry()
                        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                        .indefinitely())
                .chain(() -> onLoop(this::accept));
    }

    private Uni<Void> onLoop(Runnable what) {
        return Uni.createFrom()
                .emitter(to -> loop.runOnContext(go -> {
                    what.run();
                    to.complete(null);
                }));
    }

    private Uni<Void> resume(JournalRecovery.State state) {
        return Uni.createFrom()
                .<Long>emitter(to -> loop.runOnContext(go -> {
                    seq = state.lastSeq();
                    buffer.continueAfter(
                            state.lastCounter(),
                            state.lastSnapshot(),
                            state.interrupted().size());
                    long last = 0;
                    for (Decision interrupted : state.interrupted()) {
                        last = buffer.append(interrupted);
                    }
                    to.complete(last);
                }))
                .chain(last -> durable(last)
                        .onFailure(failure -> standing != JournalState.LANE_LOST)
                        .retry()
                        .indefinitely());
    }

    private void accept() {
        if (standing == JournalState.STARTS) {
            buffer.accept(true);
            standing = JournalState.OPEN;
        }
    }

    /**
     * Stops taking intents, waits some seconds for the ends of those that were taken, and writes what is pending; completes when it is
     * durable, or fails after the longest wait.
     */
    public Uni<Void> close() {
        buffer.accept(false);
        if (standing != JournalState.LANE_LOST) {
            standing = JournalState.CLOSED;
        }
        return Uni.createFrom()
                .<Void>emitter(to -> loop.runOnContext(go -> decide(System.nanoTime(), () -> to.complete(null))))
                .chain(() -> Uni.createFrom()
                        .<Void>emitter(to -> loop.runOnContext(go -> drain(() -> to.complete(null))))
                        .ifNoItem()
                        .after(settings.maxWait())
                        .fail())
                .eventually(() -> Uni.createFrom()
                        .<Void>emitter(to -> loop.runOnContext(go -> {
                            vertx.cancelTimer(ticking);
                            connection.close().onComplete(closed -> to.complete(null));
                        })));
    }

    /** A request whose client has just left ends within moments; one that a provider still answers may not. */
    private void decide(long since, Runnable decided) {
        int left = standing == JournalState.LANE_LOST ? 0 : buffer.undecided();
        boolean isLate = System.nanoTime() - since >= LONGEST_UNDECIDED.toNanos();
        if (left > 0 && !isLate) {
            vertx.setTimer(1, later -> decide(since, decided));
            return;
        }
        if (left > 0) {
            LOG.warnf("requests have not ended and will be recorded as INTERRUPTED, requests=%d", left);
        }
        decided.run();
    }

    private void drain(Runnable empty) {
        if (standing == JournalState.LANE_LOST || (!committing && buffer.pendingBytes() == 0)) {
            empty.run();
        } else {
            commit();
            vertx.setTimer(1, later -> drain(empty));
        }
    }

    @Override
    public Appended append(Intent intent) {
        JournalState now = state();
        if (now != JournalState.OPEN) {
            return new Appended.NotOpen(now, WHEN_NOT_OPEN);
        }
        Optional<JournalBuffer.Place> place = buffer.append(intent);
        return place.isPresent()
                ? new Appended.Accepted(
                        new RequestId(settings.lane().value(), place.get().counter()),
                        place.get().position())
                : new Appended.Full(WHEN_FULL);
    }

    @Override
    public JournalState state() {
        JournalState now = standing;
        return now == JournalState.OPEN && !hold.mayBegin(System.nanoTime()) ? JournalState.UNREACHABLE : now;
    }

    @Override
    public long append(AttemptMark attempt) {
        return buffer.append(attempt);
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
        return buffer.isDurable(position) && standing != JournalState.LANE_LOST;
    }

    @Override
    public Uni<Void> durable(long position) {
        if (standing == JournalState.LANE_LOST) {
            return Uni.createFrom().failure(laneIsLost());
        }
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

    /** True if the journal takes intents, and they can be made durable as far as anybody knows. */
    public boolean isOpen() {
        return state() == JournalState.OPEN;
    }

    /** In which chunks the requests ended that have no rows yet. */
    public RecentEnds ends() {
        return ends;
    }

    /** Our hold on our lane. */
    public LaneHold hold() {
        return hold;
    }

    /** Completes when all that was appended before is durable. */
    public Uni<Void> settled() {
        return durable(buffer.lastPosition());
    }

    /** How many records, marks of attempts among them, this process has made durable so far. */
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
        if (standing == JournalState.LANE_LOST) {
            // Also those who began to wait while it was being lost.
            tell(buffer.everybody(), waiter -> waiter.emitter().fail(laneIsLost()));
        }
    }

    private static JournalUnavailable laneIsLost() {
        return new JournalUnavailable("another router has taken the lane");
    }

    private void commit() {
        if (committing || standing == JournalState.LANE_LOST) {
            return;
        }
        Optional<Batch> batch = buffer.take();
        if (batch.isPresent()) {
            committing = true;
            Chunk chunk = new Chunk(LocalDate.now(ZoneOffset.UTC), ++seq, batch.get());
            connection.write(chunk, () -> committed(chunk));
        }
    }

    private void committed(Chunk chunk) {
        committing = false;
        ends.ended(chunk.batch().ended(), chunk.seq());
        tell(buffer.committed(chunk.batch()), waiter -> waiter.emitter().complete(null));
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

    /** What becomes of the lane, on the event loop of the journal. */
    private final class Standing implements JournalConnection.Listener {
        private final Runnable laneLost;

        Standing(Runnable laneLost) {
            this.laneLost = laneLost;
        }

        @Override
        public void taken() {
            if (!laneTaken.isDone()) {
                standing = JournalState.STARTS;
                laneTaken.complete(null);
            }
        }

        @Override
        public void waits() {
            standing = JournalState.WAITS_FOR_LANE;
        }

        @Override
        public void unreachable() {
            // Once the lane has been taken the hold says how long nothing was heard.
            if (!laneTaken.isDone()) {
                standing = JournalState.UNREACHABLE;
            }
        }

        @Override
        public void lost() {
            standing = JournalState.LANE_LOST;
            buffer.accept(false);
            tell(buffer.everybody(), waiter -> waiter.emitter().fail(laneIsLost()));
            laneLost.run();
        }
    }
}
