package openledger.store.stream;

import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import openledger.store.BoundedQuery;
import openledger.stream.StreamCursor;
import openledger.unit.LaneId;

/** What the database knows of the stream: whose it is, and how far each lane is at least. Thread-safe. */
public final class StreamMarks {
    private static final String SOURCE = "select id, secret from stream_source";
    private static final String SAVE =
            "insert into stream_cursor (lane, chunk) values ($1, $2)" + " on conflict (lane) do update set chunk = $2";
    private static final String NEWEST = "select greatest("
            + "coalesce((select seq from journal_chunk where lane = $1 order by seq desc limit 1), 0),"
            + " coalesce((select seq from projection where lane = $1), 0))";

    private final Pool pool;

    public StreamMarks(Pool pool) {
        this.pool = pool;
    }

    /**
     * The database as the stream knows it.
     *
     * @param id tells it from others
     * @param secret makes tags of tenants; never changed
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Source(UUID id, byte[] secret) {}

    /** Which database this is. */
    public Uni<Source> source() {
        return BoundedQuery.rows(pool, SOURCE, Tuple.tuple()).map(rows -> {
            Row row = rows.iterator().next();
            return new Source(row.getUUID(0), row.getBuffer(1).getBytes());
        });
    }

    /** Notes that chunks before the cursor's are in the stream. */
    Uni<Void> save(LaneId lane, StreamCursor cursor) {
        return BoundedQuery.rows(pool, SAVE, Tuple.of(lane.value(), cursor.chunk()))
                .replaceWithVoid();
    }

    /** The newest chunk that the lane has, or had; 0 if it never had one. */
    Uni<Long> newest(LaneId lane) {
        return BoundedQuery.rows(pool, NEWEST, Tuple.of(lane.value()))
                .map(rows -> rows.iterator().next().getLong(0));
    }
}
