package openledger.store.journal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import openledger.inference.record.FormerRequest;
import openledger.store.BoundedQuery;
import openledger.unit.LaneId;

/**
 * Reads from a lane's journal which keys its router had taken of late: whoever answers for them now must not give a second budget. Goes
 * back as far as anything can be that still counts, and to the oldest request without a decision. Reads and decodes off the event loop.
 * Thread-safe.
 */
public final class FormerRequestReader {
    private static final int CHUNKS_A_READ = 64;
    private static final long LONGEST_STEP = 4_096;
    private static final String MARKS = "select coalesce((select max(seq) from journal_chunk where lane = $1), 0),"
            + " coalesce((select low_water from projection where lane = $1), 1)";
    private static final String AT_MOST =
            "select seq, data from journal_chunk where lane = $1 and seq <= $2 order by seq desc limit 1";
    private static final String FROM =
            "select seq, data from journal_chunk where lane = $1 and seq >= $2 order by seq limit " + CHUNKS_A_READ;

    private final Vertx vertx;
    private final Pool pool;
    private final Bounds bounds;
    private final Clock clock;

    public FormerRequestReader(Vertx vertx, Pool pool, Bounds bounds, Clock clock) {
        this.vertx = vertx;
        this.pool = pool;
        this.bounds = bounds;
        this.clock = clock;
    }

    /**
     * How much of the past counts.
     *
     * @param window for how long a key is taken after its request has ended
     * @param longestRequest for how long a request may run
     * @param most keys that a router keeps
     * @param apart what the clocks of two routers may differ by
     * @param late by how much a record may be written after the time that stands in it: a body may take so long
     */
    public record Bounds(Duration window, Duration longestRequest, int most, Duration apart, Duration late) {}

    /**
     * The keys of a lane that are not free yet.
     *
     * @param ranges of {@link openledger.unit.ResendKey#range} that are wanted
     */
    public Uni<List<FormerRequest>> read(LaneId lane, Set<Integer> ranges) {
        long now = clock.millis();
        FormerRequestScan scan = new FormerRequestScan(lane, ranges, bounds, now);
        return rows(MARKS, Tuple.of(lane.value())).chain(marks -> {
            Row row = marks.iterator().next();
            long lowWater = row.getLong(1);
            return start(
                            lane,
                            row.getLong(0),
                            1,
                            now
                                    - bounds.window
                                            .plus(bounds.apart)
                                            .plus(bounds.late)
                                            .toMillis())
                    .chain(start -> readOn(lane, Math.min(start, lowWater), scan))
                    .map(read -> scan.found());
        });
    }

    /** A chunk that all that counts stands in or behind, but for requests without a decision. */
    private Uni<Long> start(LaneId lane, long at, long step, long horizonMillis) {
        return rows(AT_MOST, Tuple.of(lane.value(), at)).chain(rows -> {
            if (rows.size() == 0) {
                return Uni.createFrom().item(1L);
            }
            Row row = rows.iterator().next();
            byte[] data = row.getBuffer(1).getBytes();
            long seq = row.getLong(0);
            return offTheLoop(() -> FormerRequestScan.latestMillis(data, lane))
                    .chain(latest -> latest.isPresent() && latest.getAsLong() < horizonMillis
                            ? Uni.createFrom().item(seq)
                            : start(lane, seq - step, Math.min(2 * step, LONGEST_STEP), horizonMillis));
        });
    }

    private Uni<Void> readOn(LaneId lane, long from, FormerRequestScan scan) {
        return rows(FROM, Tuple.of(lane.value(), from)).chain(rows -> {
            if (rows.size() == 0) {
                return Uni.createFrom().voidItem();
            }
            return offTheLoop(() -> {
                        long last = from;
                        for (Row row : rows) {
                            last = row.getLong(0);
                            scan.take(row.getBuffer(1).getBytes());
                        }
                        return last;
                    })
                    .chain(last ->
                            rows.size() < CHUNKS_A_READ ? Uni.createFrom().voidItem() : readOn(lane, last + 1, scan));
        });
    }

    private Uni<RowSet<Row>> rows(String sql, Tuple values) {
        return BoundedQuery.rows(pool, sql, values);
    }

    private <T> Uni<T> offTheLoop(java.util.concurrent.Callable<T> work) {
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(work, false).toCompletionStage());
    }
}
