package openledger.store.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.log.BatchData;
import openledger.store.BoundedQuery;
import openledger.unit.LaneId;

/** What is large of a lane's batches, in the database. Thread-safe. */
public final class StoredBatchData implements BatchData {
    /** One statement, so that a drop is before or after all of it. */
    private static final String WHOLE = "select sequence, header, level, cut_at, leaves, records,"
            + " array(select data from snapshot as s where s.lane = b.lane and s.sequence = b.sequence"
            + " and data is not null order by number) as snapshots from batch as b";

    private static final String AFTER = WHOLE + " where lane = $1 and sequence > $2 order by sequence limit $3";
    private static final String OLDEST =
            WHOLE + " where lane = $1 and leaves is not null and exists (select from batch later"
                    + " where later.lane = $1 and later.log_size >= (b.log_size + 255) / 256 * 256)"
                    + " order by sequence limit 1";
    private static final String DROP = "with dropped as (update batch set leaves = null, records = null"
            + " where lane = $1 and sequence = $2 and level >= " + ConfirmationLevel.FINALIZED.code()
            + " returning sequence) update snapshot set data = null"
            + " where lane = $1 and sequence in (select sequence from dropped)";

    private final Pool pool;
    private final LaneId lane;

    public StoredBatchData(Pool pool, LaneId lane) {
        this.pool = pool;
        this.lane = lane;
    }

    @Override
    public Uni<List<Kept>> after(long sequence, int limit) {
        return query(AFTER, Tuple.of(lane.value(), sequence, limit)).map(StoredBatchData::kept);
    }

    @Override
    public Uni<Optional<Kept>> oldest() {
        return query(OLDEST, Tuple.of(lane.value()))
                .map(rows -> kept(rows).stream().findFirst());
    }

    @Override
    public Uni<Void> drop(long sequence) {
        return query(DROP, Tuple.of(lane.value(), sequence)).replaceWithVoid();
    }

    private static List<Kept> kept(RowSet<Row> rows) {
        List<Kept> found = new ArrayList<>();
        rows.forEach(row -> found.add(kept(row)));
        return found;
    }

    private static Kept kept(Row row) {
        Optional<Data> data = row.getBuffer("leaves") == null
                ? Optional.empty()
                : Optional.of(new Data(
                        BatchRows.bytes(row, "leaves"),
                        BatchRows.bytes(row, "records"),
                        Stream.of(row.getArrayOfBuffers("snapshots"))
                                .map(Buffer::getBytes)
                                .toList()));
        return new Kept(BatchRows.header(row), BatchRows.level(row), BatchRows.instant(row, "cut_at"), data);
    }

    private Uni<RowSet<Row>> query(String sql, Tuple values) {
        return BoundedQuery.rows(pool, sql, values);
    }
}
