package openledger.store.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.log.BatchData;
import openledger.store.BoundedQuery;
import openledger.unit.LaneId;

/** What is large of a lane's batches, in the database. Thread-safe. */
public final class StoredBatchData implements BatchData {
    private static final String WHOLE = "select sequence, header, level, cut_at, leaves, records from batch";
    private static final String AFTER = WHOLE + " where lane = $1 and sequence > $2 order by sequence limit $3";
    private static final String OLDEST =
            WHOLE + " as b where lane = $1 and leaves is not null and exists (select from batch later"
                    + " where later.lane = $1 and later.log_size >= (b.log_size + 255) / 256 * 256)"
                    + " order by sequence limit 1";
    private static final String SNAPSHOTS = "select sequence, data from snapshot where lane = $1"
            + " and sequence between $2 and $3 and data is not null order by number";
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
        return query(AFTER, Tuple.of(lane.value(), sequence, limit)).chain(this::withSnapshots);
    }

    @Override
    public Uni<Optional<Kept>> oldest() {
        return query(OLDEST, Tuple.of(lane.value()))
                .chain(this::withSnapshots)
                .map(found -> found.stream().findFirst());
    }

    @Override
    public Uni<Void> drop(long sequence) {
        return query(DROP, Tuple.of(lane.value(), sequence)).replaceWithVoid();
    }

    private Uni<List<Kept>> withSnapshots(RowSet<Row> rows) {
        List<Row> found = new ArrayList<>();
        rows.forEach(found::add);
        if (found.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        long first = found.getFirst().getLong("sequence");
        long last = found.getLast().getLong("sequence");
        return query(SNAPSHOTS, Tuple.of(lane.value(), first, last)).map(snapshots -> {
            Map<Long, List<byte[]>> bySequence = new HashMap<>();
            snapshots.forEach(row -> bySequence
                    .computeIfAbsent(row.getLong("sequence"), none -> new ArrayList<>())
                    .add(BatchRows.bytes(row, "data")));
            return found.stream()
                    .map(row -> kept(row, bySequence.getOrDefault(row.getLong("sequence"), List.of())))
                    .toList();
        });
    }

    private static Kept kept(Row row, List<byte[]> snapshots) {
        Optional<Data> data = row.getBuffer("leaves") == null
                ? Optional.empty()
                : Optional.of(new Data(BatchRows.bytes(row, "leaves"), BatchRows.bytes(row, "records"), snapshots));
        return new Kept(BatchRows.header(row), BatchRows.level(row), BatchRows.instant(row, "cut_at"), data);
    }

    private Uni<RowSet<Row>> query(String sql, Tuple values) {
        return BoundedQuery.rows(pool, sql, values);
    }
}
