package openledger.store.stream;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import openledger.inference.record.Decision;
import openledger.store.BoundedQuery;
import openledger.store.journal.RecordEncoding;
import openledger.store.journal.RecordEncoding.Kind;
import openledger.store.journal.RecordEncoding.Undecoded;
import openledger.stream.StreamCursor;
import openledger.unit.LaneId;

/** Reads a lane's journal for its decisions, a bounded stretch at a time, and decodes them off the event loop. Thread-safe. */
final class JournalStretches {
    private static final int MOST_CHUNKS = 512;

    private static final String NEXT = "select seq, data, so_far from"
            + " (select seq, records, data, sum(records) over (order by seq) as so_far"
            + " from journal_chunk where lane = $1 and seq >= $2 order by seq limit " + MOST_CHUNKS + ") as next"
            + " where so_far - records < $3 order by seq";

    private final Vertx vertx;
    private final Pool pool;
    private final LaneId lane;

    JournalStretches(Vertx vertx, Pool pool, LaneId lane) {
        this.vertx = vertx;
        this.pool = pool;
        this.lane = lane;
    }

    /**
     * What lies behind a cursor.
     *
     * @param decisions in the order of the journal
     * @param nextChunk where to go on
     * @param done records of that chunk that are done with
     * @param more whether there may be more behind it
     * @param firstKept the first chunk that there is, if it is not the one that was looked for: those between are gone
     */
    record Stretch(List<Decision> decisions, long nextChunk, int done, boolean more, OptionalLong firstKept) {
        /** True if nothing was there, not even what is not streamed. */
        boolean isNothing(StreamCursor from) {
            return nextChunk == from.chunk() && done == from.records();
        }
    }

    /**
     * The decisions behind a cursor.
     *
     * @param most of them, 1 or more
     */
    Uni<Stretch> after(StreamCursor cursor, int most) {
        // A decision has an intent before it, and of the first chunk some records are done with.
        long records = cursor.records() + 2L * most;
        return BoundedQuery.of(() -> pool.preparedQuery(NEXT)
                .execute(Tuple.of(lane.value(), cursor.chunk(), records))
                .compose(rows -> vertx.executeBlocking(() -> decode(rows, cursor, most, records), false)));
    }

    private Stretch decode(RowSet<Row> rows, StreamCursor cursor, int most, long limit) {
        List<Decision> decisions = new ArrayList<>();
        long next = cursor.chunk();
        int done = cursor.records();
        OptionalLong firstKept = OptionalLong.empty();
        boolean isFirst = true;
        boolean more = rows.size() == MOST_CHUNKS;
        for (Row row : rows) {
            if (decisions.size() >= most) {
                more = true;
                break;
            }
            long chunk = row.getLong(0);
            if (isFirst && chunk > cursor.chunk() && cursor.chunk() > 0) {
                firstKept = OptionalLong.of(chunk);
            }
            isFirst = false;
            int skipped = chunk == cursor.chunk() ? cursor.records() : 0;
            Taken taken = new Taken(skipped, most, decisions);
            RecordEncoding.scan(row.getBuffer(1).getBytes(), taken::look);
            next = taken.isWhole ? chunk + 1 : chunk;
            done = taken.isWhole ? 0 : taken.done;
            more |= !taken.isWhole || row.getLong(2) >= limit;
        }
        return new Stretch(decisions, next, done, more, firstKept);
    }

    /** What is taken of one chunk. */
    private final class Taken {
        private final int most;
        private final List<Decision> to;
        private int done;
        private boolean isWhole = true;

        Taken(int skipped, int most, List<Decision> to) {
            this.done = skipped;
            this.most = most;
            this.to = to;
        }

        void look(Undecoded record) {
            if (record.place() <= done || !isWhole) {
                return;
            }
            if (record.kind() == Kind.DECISION) {
                if (to.size() >= most) {
                    isWhole = false;
                    return;
                }
                to.add(record.decodeDecision(lane));
            }
            done = record.place();
        }
    }
}
