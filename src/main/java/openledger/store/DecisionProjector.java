package openledger.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import openledger.inference.Decision;
import openledger.store.RecordEncoding.JournalRecord;
import openledger.unit.LaneId;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Derives rows of decisions from the journal, behind the traffic: a bounded number of chunks a run, rows and cursor in
 * one transaction, so each decision is derived exactly once. It starts at the low-water mark, the first chunk with a
 * request that had no decision, and skips rows that are there already. Confined to one event loop.
 */
public final class DecisionProjector {
    private static final Logger LOG = Logger.getLogger(DecisionProjector.class);
    private static final int CHUNKS_A_RUN = 64;
    private static final long IDLE_MILLIS = 200;
    private static final long TROUBLE_MILLIS = 1_000;
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final Pool pool;
    private final LaneId lane;

    /** Chunk in which each request without a decision stands. */
    private final TreeMap<Long, Long> open = new TreeMap<>();

    private long seq = -1;
    private boolean troubled;
    private boolean stopped;

    public DecisionProjector(Vertx vertx, Pool pool, LaneId lane) {
        this.vertx = vertx;
        this.pool = pool;
        this.lane = lane;
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
        pool.withTransaction(this::project).onComplete(result -> {
            if (result.failed()) {
                seq = -1;
                open.clear();
                trouble(result.cause());
            } else {
                troubled = false;
            }
            long pause = result.failed() ? TROUBLE_MILLIS : wasFull(result.result()) ? 1 : IDLE_MILLIS;
            vertx.setTimer(pause, next -> run());
        });
    }

    private static boolean wasFull(@Nullable Integer chunks) {
        return chunks != null && chunks == CHUNKS_A_RUN;
    }

    /** One run; how many chunks it took. On failure everything is read anew from the low-water mark. */
    private Future<Integer> project(SqlConnection on) {
        return on.query("set local statement_timeout = " + STATEMENT_TIMEOUT.toMillis())
                .execute()
                .compose(set -> seq >= 0 ? Future.succeededFuture(seq) : lowWater(on))
                .compose(from -> on.preparedQuery(
                                "select seq, last_counter, data from journal_chunk where lane = $1 and seq > $2"
                                        + " order by seq limit " + CHUNKS_A_RUN)
                        .execute(Tuple.of(lane.value(), from)))
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
        List<Decision> decisions = new ArrayList<>();
        long[] last = new long[2];
        for (Row row : rows) {
            last[0] = row.getLong(0);
            last[1] = row.getLong(1);
            Buffer data = row.getBuffer(2);
            RecordEncoding.read(data.getBytes(), lane, record -> {
                switch (record) {
                    case JournalRecord.OfIntent(var counter, var intent) -> open.put(counter, last[0]);
                    case JournalRecord.OfDecision(var counter, var decision) -> {
                        open.remove(counter);
                        decisions.add(decision);
                    }
                }
            });
        }
        long lowWater = open.isEmpty()
                ? last[0] + 1
                : Math.min(last[0] + 1, open.firstEntry().getValue());
        return insert(on, decisions)
                .compose(inserted -> on.preparedQuery(
                                "insert into projection (lane, seq, low_water, last_counter) values ($1, $2, $3, $4)"
                                        + " on conflict (lane) do update set seq = greatest(projection.seq, $2),"
                                        + " low_water = $3, last_counter = greatest(projection.last_counter, $4)")
                        .execute(Tuple.of(lane.value(), last[0], lowWater, last[1])))
                .map(moved -> {
                    seq = last[0];
                    return rows.size();
                });
    }

    private static Future<?> insert(SqlConnection on, List<Decision> decisions) {
        return decisions.isEmpty()
                ? Future.succeededFuture()
                : on.preparedQuery(DecisionRows.INSERT).execute(DecisionRows.of(decisions));
    }

    /** Said once an outage. */
    private void trouble(Throwable cause) {
        if (!troubled) {
            troubled = true;
            LOG.warnf("decisions are not derived, lane=%d reason=%s", lane.value(), cause.getMessage());
        }
    }
}
