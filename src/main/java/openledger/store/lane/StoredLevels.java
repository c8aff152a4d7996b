package openledger.store.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import openledger.store.BoundedQuery;
import openledger.stream.BatchLevel;
import openledger.unit.LaneId;

/** Changes of the levels of a lane's batches in the order in which they were made. Thread-safe. */
public final class StoredLevels {
    private static final String AFTER = "select l.ordinal, l.level, l.at, l.block_number, l.block_hash, b.header"
            + " from batch_level l join batch b using (lane, sequence)"
            + " where l.lane = $1 and l.ordinal > $2 order by l.ordinal limit $3";

    private final Pool pool;

    public StoredLevels(Pool pool) {
        this.pool = pool;
    }

    /** The first changes behind the one of that number, so many at most. */
    public Uni<List<BatchLevel>> after(LaneId lane, long number, int most) {
        return BoundedQuery.rows(pool, AFTER, Tuple.of(lane.value(), number, most))
                .map(rows -> {
                    List<BatchLevel> levels = new ArrayList<>();
                    rows.forEach(row -> levels.add(level(row)));
                    return levels;
                });
    }

    private static BatchLevel level(Row row) {
        return new BatchLevel(
                row.getLong("ordinal"),
                BatchRows.header(row),
                BatchRows.level(row),
                BatchRows.instant(row, "at"),
                BatchRows.block(row));
    }
}
