package openledger.store.stream;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import openledger.inference.Catalog;
import openledger.inference.Catalog.LaneNumber;
import openledger.inference.Catalog.Names;
import openledger.inference.record.Decisions.Found;
import openledger.store.lane.LaneHold;
import openledger.store.lane.StoredLevels;
import openledger.store.stream.JournalStretches.Stretch;
import openledger.stream.BatchLevel;
import openledger.stream.DecisionForm;
import openledger.stream.DecisionStream;
import openledger.stream.StreamBatch;
import openledger.stream.StreamCursor;
import openledger.stream.StreamGap;
import openledger.stream.StreamRecord;
import openledger.stream.TenantNames;
import openledger.unit.LaneId;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Streams a lane's decisions out of its journal, behind the traffic, and the levels of its batches: a bounded number a run, with the cursor
 * in the same batch, so each is streamed exactly once. After any failure it takes the lane's part anew and goes on from the cursor that is
 * there, since what has failed may have been written nevertheless. It works half of the time at most, and streams only while the lane is
 * held. Start and stop may come from any thread; how it stands may be read on any. Long because what it does after each failure has to be
 * seen beside what it does without.
 */
public final class StreamExporter {
    private static final Logger LOG = Logger.getLogger(StreamExporter.class);
    private static final int DECISIONS_A_RUN = 1_000;
    private static final int LEVELS_A_RUN = 500;
    private static final long IDLE_MILLIS = 200;
    private static final long LEAST_TROUBLE_MILLIS = 500;
    private static final long MOST_TROUBLE_MILLIS = 8_000;
    private static final long NANOS_A_MILLI = 1_000_000;
    private static final double NANOS_A_SECOND = 1e9;

    private final Vertx vertx;
    private final Context home;
    private final LaneHold hold;
    private final JournalStretches journal;
    private final StoredLevels levels;
    private final StreamMarks marks;
    private final Catalog catalog;
    private final TenantNames tenants;
    private final DecisionStream stream;
    private final StreamCounts counts;
    private final Pace pace;

    private volatile boolean stopped;
    private volatile @Nullable String trouble;
    private volatile long caughtUpNanos;
    private volatile boolean hasCaughtUp;
    private volatile long behindSinceNanos = System.nanoTime();
    private volatile boolean isAtEnd;
    private @Nullable StreamCursor cursor;
    private volatile @Nullable DecisionForm decisions;
    private volatile long writtenNanos = System.nanoTime();
    private long troubleMillis = LEAST_TROUBLE_MILLIS;

    /** How soon a cursor is written that has passed nothing but what is not streamed: it only lets the journal go. */
    public enum Pace {
        /** Of a lane that is served. */
        BEHIND_TRAFFIC(Duration.ofSeconds(10)),
        /** Of a lane that is finished, where nothing more comes. */
        AT_ONCE(Duration.ZERO);

        private final Duration betweenEmpty;

        Pace(Duration betweenEmpty) {
            this.betweenEmpty = betweenEmpty;
        }
    }

    StreamExporter(
            Vertx vertx,
            Pool pool,
            LaneHold hold,
            Catalog catalog,
            TenantNames tenants,
            DecisionStream stream,
            StreamCounts counts,
            Pace pace) {
        this.vertx = vertx;
        this.home = vertx.getOrCreateContext();
        this.hold = hold;
        this.journal = new JournalStretches(vertx, pool, hold.lane());
        this.levels = new StoredLevels(pool);
        this.marks = new StreamMarks(pool);
        this.catalog = catalog;
        this.tenants = tenants;
        this.stream = stream;
        this.counts = counts;
        this.pace = pace;
    }

    void start() {
        home.runOnContext(go -> run());
    }

    /** Ends; a run under way may still be written, or be found undone by who goes on. */
    public void stop() {
        stopped = true;
        stream.end();
    }

    LaneId lane() {
        return hold.lane();
    }

    /** True if all that was there at {@code nanos} is in the stream. */
    public boolean isPast(long nanos) {
        return hasCaughtUp && caughtUpNanos - nanos > 0;
    }

    boolean isAtEnd() {
        return isAtEnd;
    }

    /** Why nothing is streamed; empty if nothing is wrong. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** For how long something has been there that is not in the stream; 0 if nothing is. */
    double behindSeconds() {
        return isAtEnd ? 0 : Math.max(0, System.nanoTime() - behindSinceNanos) / NANOS_A_SECOND;
    }

    private void run() {
        if (stopped) {
            return;
        }
        long since = System.nanoTime();
        if (!hold.mayBegin(since)) {
            // Not ours now: whoever has it streams it.
            forget();
            fallBehind(since);
            again(LEAST_TROUBLE_MILLIS);
            return;
        }
        StreamCursor from = cursor;
        Uni<StreamCursor> place = from == null ? begin() : Uni.createFrom().item(from);
        place.chain(at -> journal.after(at, DECISIONS_A_RUN)
                        .chain(stretch -> levels.after(lane(), at.level(), LEVELS_A_RUN)
                                .chain(changes -> stream(at, stretch, changes)
                                        .map(moved -> new Run(
                                                moved, since, stretch.more() || changes.size() == LEVELS_A_RUN)))))
                .subscribe()
                .with(run -> home.runOnContext(go -> done(run)), failure -> home.runOnContext(go -> failed(failure)));
    }

    /**
     * What a run has come to.
     *
     * @param more whether it has left something
     */
    private record Run(StreamCursor cursor, long sinceNanos, boolean more) {}

    private void done(Run run) {
        if (trouble != null) {
            LOG.infof("decisions are streamed again, lane=%d", lane().value());
        }
        trouble = null;
        troubleMillis = LEAST_TROUBLE_MILLIS;
        cursor = run.cursor;
        if (run.more) {
            isAtEnd = false;
        } else {
            behindSinceNanos = run.sinceNanos;
            caughtUpNanos = run.sinceNanos;
            hasCaughtUp = true;
            isAtEnd = true;
        }
        long worked = (System.nanoTime() - run.sinceNanos) / NANOS_A_MILLI;
        again(run.more ? 1 + worked : IDLE_MILLIS);
    }

    private void failed(Throwable failure) {
        forget();
        fallBehind(System.nanoTime());
        if (stopped) {
            return;
        }
        counts.failed();
        // Said once an outage.
        if (trouble == null) {
            LOG.warnf("decisions are not streamed, lane=%d reason=%s", lane().value(), failure.getMessage());
        }
        trouble = String.valueOf(failure.getMessage());
        again(troubleMillis);
        troubleMillis = Math.min(2 * troubleMillis, MOST_TROUBLE_MILLIS);
    }

    private void fallBehind(long nanos) {
        if (isAtEnd) {
            isAtEnd = false;
            behindSinceNanos = nanos;
        }
    }

    private void forget() {
        cursor = null;
        stream.end();
    }

    private void again(long millis) {
        vertx.setTimer(millis, due -> home.runOnContext(go -> run()));
    }

    /** Takes the lane's part of the stream, and looks whether it is of this journal. */
    private Uni<StreamCursor> begin() {
        return marks.source()
                .chain(source -> stream.begin()
                        .map(found -> found.orElseGet(() -> StreamCursor.start(source.id())))
                        .chain(place -> marks.newest(lane())
                                .invoke(newest -> check(place, source, newest))
                                .replaceWith(place))
                        // Before anything else: what the database has noted may be of a stream that is gone.
                        .call(place -> marks.save(lane(), place)));
    }

    private void check(StreamCursor place, StreamMarks.Source source, long newest) {
        if (!place.source().equals(source.id())) {
            throw new IllegalStateException(
                    "the topics have the stream of another database, so another name is needed");
        }
        if (place.chunk() > newest + 1) {
            throw new IllegalStateException("the stream is at chunk " + place.chunk() + " and the journal at " + newest
                    + ", so the database was restored and this lane must not be used any more");
        }
        decisions = new DecisionForm(tenant -> tenants.of(tenant, source.secret()));
        LOG.infof(
                "the stream goes on, lane=%d chunk=%d records=%d level=%d",
                lane().value(), place.chunk(), place.records(), place.level());
    }

    /** Streams what was read, if there is any of it; completes with where the stream is now. */
    private Uni<StreamCursor> stream(StreamCursor at, Stretch stretch, List<BatchLevel> changes) {
        StreamCursor end = at.at(
                stretch.nextChunk(),
                stretch.done(),
                changes.isEmpty() ? at.level() : changes.getLast().number());
        boolean isEmpty = stretch.decisions().isEmpty()
                && changes.isEmpty()
                && stretch.firstKept().isEmpty();
        if (isEmpty && (stretch.isNothing(at) || System.nanoTime() - writtenNanos < pace.betweenEmpty.toNanos())) {
            return Uni.createFrom().item(end);
        }
        List<Found> found =
                stretch.decisions().stream().<Found>map(Found.Finished::new).toList();
        return catalog.names(LaneNumber.of(found))
                .chain(names -> offTheLoop(() -> records(at, stretch, names, changes)))
                .chain(records -> stream.write(new StreamBatch(records, end)))
                .invoke(() -> counts.streamed(stretch.decisions().size(), gap(at, stretch)))
                .invoke(() -> writtenNanos = System.nanoTime())
                .chain(() -> marks.save(lane(), end).onFailure().recoverWithNull())
                .replaceWith(end);
    }

    private List<StreamRecord> records(StreamCursor at, Stretch stretch, Names names, List<BatchLevel> changes) {
        DecisionForm form = Objects.requireNonNull(decisions, "begun");
        List<StreamRecord> records = new ArrayList<>();
        stretch.firstKept().ifPresent(kept -> {
            LOG.errorf(
                    "decisions were dropped before they were streamed, lane=%d from-chunk=%d to-chunk=%d",
                    lane().value(), at.chunk(), kept - 1);
            records.add(new StreamGap(lane(), at.chunk(), kept - 1, Instant.now()).record());
        });
        stretch.decisions().forEach(decision -> records.add(form.record(decision, names)));
        changes.forEach(change -> records.add(change.record()));
        if (!stretch.decisions().isEmpty() && stretch.more()) {
            long age = System.currentTimeMillis()
                    - stretch.decisions().getLast().intent().arrivalMillis();
            behindSinceNanos = System.nanoTime() - NANOS_A_MILLI * Math.max(0, age);
        }
        return records;
    }

    private static long gap(StreamCursor at, Stretch stretch) {
        return stretch.firstKept().isPresent() ? stretch.firstKept().getAsLong() - at.chunk() : 0;
    }

    private <T> Uni<T> offTheLoop(Callable<T> work) {
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(work, false).toCompletionStage());
    }
}
