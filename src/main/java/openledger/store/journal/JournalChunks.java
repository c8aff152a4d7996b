package openledger.store.journal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import openledger.settlement.cut.JournalOffset;
import openledger.store.BoundedQuery;
import openledger.unit.LaneId;

/** Reads chunks of a lane's journal, and decodes them off the event loop. Thread-safe. */
final class JournalChunks {
    private final Vertx vertx;
    private final Pool pool;
    private final LaneId lane;

    JournalChunks(Vertx vertx, Pool pool, LaneId lane) {
        this.vertx = vertx;
        this.pool = pool;
        this.lane = lane;
    }

    /** A chunk; {@code skipped} of its records lie before the place where reading began. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Chunk(long seq, byte[] data, int skipped) {
        /** Behind the record at that place of the chunk, or behind the whole chunk if nothing wanted comes after it. */
        JournalOffset behind(int place, boolean isLast) {
            return isLast ? new JournalOffset(seq + 1, 0) : new JournalOffset(seq, place);
        }
    }

    /** Takes what is wanted out of some chunks. */
    @FunctionalInterface
    interface Decoder<T> {
        List<T> decode(List<Chunk> chunks);
    }

    /**
     * The first things that are wanted after a place; empty if there is none. Stretches without any are passed over.
     *
     * @param sql gives {@code seq, data} in order, of a lane ($1), from a chunk on ($2), up to a bound ($3)
     * @param most the bound, for a place
     */
    <T> Uni<List<T>> firstAfter(
            JournalOffset place, String sql, ToLongFunction<JournalOffset> most, Decoder<T> decoder) {
        return rows(sql, Tuple.of(lane.value(), place.chunk(), most.applyAsLong(place)))
                .chain(rows -> {
                    List<Chunk> chunks = chunks(rows, place);
                    return chunks.isEmpty()
                            ? Uni.createFrom().item(List.of())
                            : offTheLoop(chunks, decoder)
                                    .chain(found -> found.isEmpty()
                                            ? firstAfter(
                                                    new JournalOffset(chunks.getLast().seq + 1, 0), sql, most, decoder)
                                            : Uni.createFrom().item(found));
                });
    }

    /** The rows of a query. */
    Uni<RowSet<Row>> rows(String sql, Tuple values) {
        return BoundedQuery.rows(pool, sql, values);
    }

    private static List<Chunk> chunks(RowSet<Row> rows, JournalOffset from) {
        List<Chunk> chunks = new ArrayList<>(rows.size());
        for (Row row : rows) {
            long seq = row.getLong(0);
            chunks.add(new Chunk(seq, row.getBuffer(1).getBytes(), seq == from.chunk() ? from.records() : 0));
        }
        return chunks;
    }

    private <T> Uni<List<T>> offTheLoop(List<Chunk> chunks, Decoder<T> decoder) {
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(() -> decoder.decode(chunks), false)
                        .toCompletionStage());
    }
}
