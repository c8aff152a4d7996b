package openledger.store.journal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.inference.record.Decisions.Found;
import openledger.store.BoundedQuery;
import openledger.store.journal.RecordEncoding.JournalRecord;
import openledger.store.journal.RecordEncoding.Kind;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * Finds a request that has no row yet in the journal itself. Intents stand in the order of their counters, so there is one chunk that its
 * intent can be in; and an end without a row is behind all that has been derived. Where requests of our own lane ended is known, so
 * one chunk is read for those. Few chunks are read, whatever the id, and looked through off the event loop. Thread-safe.
 */
public final class JournalSearch {
    /** If so much of another lane has not been derived, an end in what lies behind it is not found, and the request looks open. */
    private static final int MOST_CHUNKS = 512;

    private static final long MOST_BYTES = 16L << 20;

    private static final String CHUNKS =
            "with mark as (select coalesce(max(seq), 0) as seq, coalesce(max(low_water), 1) as low"
                    + " from projection where lane = $1),"
                    + " begun as (select seq, data from journal_chunk where lane = $1 and seq >= (select low from mark)"
                    + " and last_counter >= $2 order by seq limit 1),"
                    + " later as (select seq, data, sum(octet_length(data)) over (order by seq) as bytes from journal_chunk"
                    + " where lane = $1 and seq > (select seq from mark) and seq > (select seq from begun)"
                    + " order by seq limit " + MOST_CHUNKS + ")"
                    + " select data from (select seq, data from begun union all select seq, data from later where bytes <= "
                    + MOST_BYTES + ") as found order by seq";

    private static final String ONE = "select data from journal_chunk where lane = $1 and seq = $2";

    private final Vertx vertx;
    private final Pool pool;
    private final RecentEnds ends;

    /** @param ends of our own lane */
    public JournalSearch(Vertx vertx, Pool pool, RecentEnds ends) {
        this.vertx = vertx;
        this.pool = pool;
        this.ends = ends;
    }

    /** What the journal says of a request last. */
    public Uni<Optional<Found>> find(RequestId id) {
        OptionalLong end = ends.chunkOf(id);
        return end.isEmpty()
                ? find(CHUNKS, id.counter(), id)
                : find(ONE, end.getAsLong(), id)
                        .chain(found ->
                                found.isPresent() ? Uni.createFrom().item(found) : find(CHUNKS, id.counter(), id));
    }

    private Uni<Optional<Found>> find(String sql, long second, RequestId id) {
        return BoundedQuery.of(() -> pool.preparedQuery(sql)
                        .execute(Tuple.of(id.lane(), second))
                        .compose(rows -> vertx.executeBlocking(() -> find(chunks(rows), id), false)))
                .map(found -> Optional.ofNullable(found));
    }

    private static List<byte[]> chunks(RowSet<Row> rows) {
        List<byte[]> chunks = new ArrayList<>(rows.size());
        for (Row row : rows) {
            chunks.add(row.getBuffer(0).getBytes());
        }
        return chunks;
    }

    private static @Nullable Found find(List<byte[]> chunks, RequestId id) {
        Found[] found = {null};
        LaneId lane = new LaneId(id.lane());
        for (byte[] chunk : chunks) {
            RecordEncoding.scan(chunk, record -> {
                boolean wanted = record.kind() == Kind.INTENT || record.kind() == Kind.DECISION;
                if (wanted && record.number() == id.counter()) {
                    found[0] = found(record.decode(lane), id);
                }
            });
        }
        return found[0];
    }

    private static Found found(JournalRecord record, RequestId id) {
        return switch (record) {
            case JournalRecord.OfIntent(var counter, var intent) -> new Found.Open(id, intent);
            case JournalRecord.OfDecision(var counter, var decision) -> new Found.Finished(decision);
            case JournalRecord.OfPlan(var counter, var plan) -> new Found.Open(id, plan.intent());
            case JournalRecord.OfAttempt attempt -> throw new IllegalStateException("an attempt is no request");
            case JournalRecord.OfSnapshot snapshot -> throw new IllegalStateException("a snapshot is no request");
        };
    }
}
