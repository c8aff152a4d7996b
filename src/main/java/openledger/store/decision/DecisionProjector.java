package openledger.store.decision;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import openledger.store.journal.RecentEnds;
import openledger.store.journal.RecordEncoding;
import openledger.store.lane.LaneHold;
import openledger.unit.LaneId;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Derives rows of decisions from the journal, behind the traffic: a bounded number of chunks a run, rows and cursor in
 * one transaction, so each decision is derived exactly once. It starts at the low-water mark, the first chunk with a
 * request that had no decision, and skips rows that are there already.
 *
 * <p>An indexed row costs the database several times what its journal record did, so a burst is recorded first and
 * indexed after: under load the projector works a twentieth of the time, more the less is recorded beside it and the further it is
 * behind, and all the time at fifteen minutes. Its transactions do not wait for the disk: what a crash undoes is derived again. One run at a
 * time; start and stop may come from any thread. Long because what it reads, derives and keeps of where it stands has to agree.
 */
public final class DecisionProjector {
    private static final Logger LOG = Logger.getLogger(DecisionProjector.class);
    /** A run this large is worth its transaction, and encoding its rows keeps the event loop for a millisecond or two. */
    private static final int RECORDS_A_RUN = 1_000;

    private static final String NEXT_CHUNKS = "select seq, last_counter, records, data from"
            + " (select seq, last_counter, records, data, sum(records) over (order by seq) as so_far"
            + " from journal_chunk where lane = $1 and seq > $2 order by seq limit 512) as next"
            + " where so_far - records < " + RECORDS_A_RUN;
    /** Short, so that a run has little to encode on the event loop: runs every 200 ms added 2 ms to requests' p99. */
    private static final long IDLE_MILLIS = 50;

    private static final int REST_PER_WORK = 19;
    /** Records a second from which on all of the rest is taken. */
    private static final double BUSY = 2_000;

    private static final Duration LONGEST_LAG = Duration.ofMinutes(15);
    private static final long NANOS_A_MILLI = 1_000_000;
    private static final double NANOS_A_SECOND = 1e9;
    private static final long TROUBLE_MILLIS = 1_000;
    /** Less than the silence after which the connection is taken for dead. */
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(8);

    private static final String ADVANCE = "insert into projection (lane, seq, low_water, last_counter, last_snapshot)"
            + " values ($1, $2, $3, $4, $5) on conflict (lane) do update set seq = greatest(projection.seq, $2),"
            + " low_water = $3, last_counter = greatest(projection.last_counter, $4),"
            + " last_snapshot = greatest(projection.last_snapshot, $5)";

    /** The same for as long as the lane is ours; changes no row if it is not. */
    private static final String FENCED_ADVANCE = "with held as (select from lane_lease where lane = $1 and holder = $6"
            + " and fence = $7 for key share)"
            + " insert into projection (lane, seq, low_water, last_counter, last_snapshot)"
            + " select $1, $2::bigint, $3::bigint, $4::bigint, $5::bigint from held"
            + ADVANCE.substring(ADVANCE.indexOf(" on conflict"));

    private final Vertx vertx;
    private final Pool pool;
    private final LaneId lane;
    private final LongSupplier recorded;
    private final RecentEnds ends;
    private final @Nullable LaneHold fence;

    /** Chunk in which each request without a decision stands. */
    private final TreeMap<Long, Long> open = new TreeMap<>();

    private long seq = -1;
    private long lastArrivalMillis;
    private long recordedBefore;
    private long ranNanos;
    private boolean troubled;
    private volatile boolean stopped;

    /**
     * A projector that is not started.
     *
     * @param recorded how many records this process has made so far
     * @param ends of the lane; told what has rows now
     */
    public DecisionProjector(Vertx vertx, Pool pool, LaneId lane, LongSupplier recorded, RecentEnds ends) {
        this(vertx, pool, lane, recorded, ends, null);
    }

    private DecisionProjector(
            Vertx vertx, Pool pool, LaneId lane, LongSupplier recorded, RecentEnds ends, @Nullable LaneHold fence) {
        this.fence = fence;
        this.vertx = vertx;
        this.pool = pool;
        this.lane = lane;
        this.recorded = recorded;
        this.ends = ends;
    }

    /** A projector of a lane that others may take: from then on it derives nothing. */
    public static DecisionProjector fenced(Vertx vertx, Pool pool, LaneHold hold, RecentEnds ends) {
        return new DecisionProjector(vertx, pool, hold.lane(), () -> 0, ends, hold);
    }

    /** Starts, and goes on until {@link #stop}. */
    public void start() {
        vertx.getOrCreateContext().runOnContext(go -> run());
    }

    /** Ends after the run under way. */
    public void stop() {
        stopped = true;
    }

    private void run() {
        if (stopped) {
            return;
        }
        long since = System.nanoTime();
        double load = load(since);
        pool.withTransaction(this::project).onComplete(result -> {
            if (result.failed()) {
                seq = -1;
                open.clear();
                trouble(result.cause());
            } else {
                troubled = false;
                ends.derived(seq);
            }
            long worked = (System.nanoTime() - since) / NANOS_A_MILLI;
            vertx.setTimer(pauseMillis(result.succeeded() ? result.result() : null, worked, load), next -> run());
        });
    }

    /** How busy the requests keep us since the last run, 0 to 1. */
    private double load(long now) {
        long records = recorded.getAsLong();
        double seconds = Math.max(now - ranNanos, 1) / NANOS_A_SECOND;
        double load = Math.clamp((records - recordedBefore) / seconds / BUSY, 0, 1);
        recordedBefore = records;
        ranNanos = now;
        return load;
    }

    private long pauseMillis(@Nullable Integer records, long workedMillis, double load) {
        if (records == null) {
            return TROUBLE_MILLIS;
        }
        if (records < RECORDS_A_RUN) {
            return IDLE_MILLIS;
        }
        long lag = System.currentTimeMillis() - lastArrivalMillis;
        double calm = Math.clamp(1 - (double) lag / LONGEST_LAG.toMillis(), 0, 1);
        return 1 + (long) (REST_PER_WORK * workedMillis * calm * load);
    }

    /** One run; how many records it took. On failure everything is read anew from the low-water mark. */
    private Future<Integer> project(SqlConnection on) {
        return on.query("set local synchronous_commit = off; set local statement_timeout = "
                        + STATEMENT_TIMEOUT.toMillis())
                .execute()
                .compose(set -> seq >= 0 ? Future.succeededFuture(seq) : lowWater(on))
                .compose(from -> on.preparedQuery(NEXT_CHUNKS).execute(Tuple.of(lane.value(), from)))
                .compose(rows -> derive(on, rows));
    }

    private Future<Long> lowWater(SqlConnection on) {
        return on.preparedQuery("select low_water - 1 from projection where lane = $1")
                .execute(Tuple.of(lane.value()))
                .map(rows -> rows.size() == 0 ? 0L : rows.iterator().next().getLong(0));
    }

    private Future<Integer> derive(SqlConnection on, RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Future.succeededFuture(0);
        }
        // Off the event loop, which has requests to see to.
        return vertx.executeBlocking(() -> decode(rows), false)
                .compose(derived -> store(on, Objects.requireNonNull(derived)));
    }

    private Future<Integer> store(SqlConnection on, Derived derived) {
        return insert(on, derived.rows)
                .compose(inserted -> advance(on, derived))
                .map(moved -> {
                    if (moved.rowCount() == 0) {
                        throw new IllegalStateException("the lane is another router's");
                    }
                    seq = derived.lastSeq;
                    return derived.records;
                });
    }

    private Future<RowSet<Row>> advance(SqlConnection on, Derived derived) {
        Tuple place =
                Tuple.of(lane.value(), derived.lastSeq, derived.lowWater, derived.lastCounter, derived.lastSnapshot);
        LaneHold held = fence;
        return held == null
                ? on.preparedQuery(ADVANCE).execute(place)
                : on.preparedQuery(FENCED_ADVANCE)
                        .execute(place.addUUID(held.holder()).addLong(held.fence()));
    }

    private Derived decode(RowSet<Row> chunks) {
        DecisionRows rows = new DecisionRows();
        long lastSeq = 0;
        long lastCounter = 0;
        long[] lastSnapshot = {0};
        int records = 0;
        for (Row chunk : chunks) {
            long at = chunk.getLong(0);
            lastSeq = at;
            lastCounter = chunk.getLong(1);
            records += chunk.getInteger(2);
            RecordEncoding.scan(chunk.getBuffer(3).getBytes(), record -> {
                switch (record.kind()) {
                    case INTENT -> open.put(record.number(), at);
                    case DECISION -> {
                        open.remove(record.number());
                        rows.add(record.decodeDecision(lane), record.whole());
                    }
                    case SNAPSHOT -> lastSnapshot[0] = record.number();
                    case PLAN, ATTEMPT -> {}
                }
            });
        }
        long next = lastSeq + 1;
        long lowWater = open.isEmpty() ? next : Math.min(next, open.firstEntry().getValue());
        if (!rows.isEmpty()) {
            lastArrivalMillis = rows.lastArrivalMillis();
        }
        return new Derived(
                rows.isEmpty() ? null : rows.columns(), lastSeq, lowWater, lastCounter, lastSnapshot[0], records);
    }

    private static Future<?> insert(SqlConnection on, @Nullable Tuple rows) {
        return rows == null
                ? Future.succeededFuture()
                : on.preparedQuery(DecisionRows.INSERT).execute(rows);
    }

    /** What a run has made of its chunks. */
    private record Derived(
            @Nullable Tuple rows, long lastSeq, long lowWater, long lastCounter, long lastSnapshot, int records) {}

    /** Said once an outage. */
    private void trouble(Throwable cause) {
        if (!troubled) {
            troubled = true;
            LOG.warnf("decisions are not derived, lane=%d reason=%s", lane.value(), cause.getMessage());
        }
    }
}
