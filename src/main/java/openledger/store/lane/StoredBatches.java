package openledger.store.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.log.LogEdge;
import openledger.settlement.log.ArchivedBatch;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.LevelChange;
import openledger.settlement.receipt.SettledBatch;
import openledger.store.BoundedQuery;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/**
 * Batches of all lanes of the database. By SqlClient, not Hibernate Reactive: {@link StoredLane} writes and reads the same rows where no
 * session is, and one mapping serves both. Thread-safe.
 */
public final class StoredBatches implements Batches {
    private static final String TRANSACTION = ", (select hash from batch_transaction t where t.lane = b.lane"
            + " and t.sequence = b.sequence order by ordinal desc limit 1) as sent_hash from batch b";
    private static final String ONE =
            "select " + BatchRows.SMALL + TRANSACTION + " where b.lane = $1 and b.sequence = $2";
    private static final String LIST = "select " + BatchRows.SMALL + TRANSACTION
            + " where b.lane = $1 and b.sequence < $2 order by b.sequence desc limit $3";
    private static final String HISTORY = "select sequence, level, at, block_number, block_hash from batch_level"
            + " where lane = $1 and sequence between $2 and $3 order by sequence, ordinal";
    /** Batches that have a leaf of the request; a few bytes that only look like its counter are told apart afterwards. */
    private static final String OF_REQUEST = "select " + BatchRows.SMALL + ", counters" + TRANSACTION
            + " where b.lane = $1 and b.counter_groups @> array[$2::bigint]"
            + " and position($3::bytea in b.counters) > 0 order by b.sequence desc";

    private static final String TALLY = "select highest_counter, outcomes_so_far from batch"
            + " where lane = $1 and sequence <= $2 order by sequence desc limit 1";

    /** All that are in the batch of one. */
    private static final String SNAPSHOTS = "select s.sequence, s.data from snapshot s join snapshot one"
            + " on one.lane = s.lane and one.sequence = s.sequence where one.lane = $1 and one.number = $2"
            + " order by s.number";

    private final Pool pool;
    private final ArchivedLog archive;

    /** Batches of which nothing was dropped. */
    public StoredBatches(Pool pool) {
        this(pool, ArchivedLog.NONE);
    }

    /**
     * Batches.
     *
     * @param archive that has what was dropped
     */
    public StoredBatches(Pool pool, ArchivedLog archive) {
        this.pool = pool;
        this.archive = archive;
    }

    @Override
    public Uni<Optional<SettledBatch>> batch(LaneId lane, long sequence) {
        return query(ONE, Tuple.of(lane.value(), sequence))
                .chain(rows -> withHistory(lane, rows))
                .map(found -> found.stream().findFirst());
    }

    @Override
    public Uni<List<SettledBatch>> list(LaneId lane, long before, int limit) {
        return query(LIST, Tuple.of(lane.value(), before, limit)).chain(rows -> withHistory(lane, rows));
    }

    @Override
    public Uni<Optional<byte[]>> leaves(LaneId lane, long sequence) {
        return large("leaves", lane, sequence, header -> log(lane).leaves(header.firstIndex(), header.count()));
    }

    @Override
    public Uni<Optional<byte[]>> records(LaneId lane, long sequence) {
        return large(
                "records",
                lane,
                sequence,
                header -> archive.batch(header).map(ArchivedBatch::records).map(Optional::of));
    }

    @Override
    public Uni<Tally> tally(LaneId lane, long sequence) {
        return query(TALLY, Tuple.of(lane.value(), sequence))
                .map(rows ->
                        rows.size() == 0 ? Tally.NONE : tally(rows.iterator().next()));
    }

    private static Tally tally(Row row) {
        return new Tally(row.getLong(0), row.getLong(1));
    }

    private Uni<Optional<byte[]>> large(
            String column, LaneId lane, long sequence, Function<BatchHeader, Uni<Optional<byte[]>>> dropped) {
        String sql = "select header, " + column + " from batch where lane = $1 and sequence = $2";
        return query(sql, Tuple.of(lane.value(), sequence)).chain(rows -> {
            if (rows.size() == 0) {
                return Uni.createFrom().item(Optional.empty());
            }
            Row row = rows.iterator().next();
            return row.getBuffer(column) == null
                    ? dropped.apply(BatchRows.header(row))
                    : Uni.createFrom().item(Optional.of(BatchRows.bytes(row, column)));
        });
    }

    private StoredLog log(LaneId lane) {
        return new StoredLog(pool, lane, archive);
    }

    @Override
    public Uni<List<Hash32>> trees(LaneId lane, long size) {
        return log(lane).edge(size).map(LogEdge::trees);
    }

    @Override
    public Uni<Leaves> locate(RequestId id) {
        LaneId lane = new LaneId(id.lane());
        Buffer counter = Buffer.buffer(Long.BYTES).appendLong(id.counter());
        return query(OF_REQUEST, Tuple.of(id.lane(), id.counter() >> BatchRows.GROUP_BITS, counter))
                .chain(rows -> {
                    List<Row> found = new ArrayList<>();
                    rows.forEach(found::add);
                    return located(lane, found, id.counter(), LeafKind.PLAN)
                            .chain(plan -> located(lane, found, id.counter(), LeafKind.OUTCOME)
                                    .map(outcome -> new Leaves(plan, outcome)));
                });
    }

    /** A request has one outcome, and may have a plan before it. */
    private Uni<Optional<Located>> located(LaneId lane, List<Row> rows, long counter, LeafKind kind) {
        for (Row row : rows) {
            BatchHeader header = BatchRows.header(row);
            int plans = header.count() - header.outcomes();
            List<Long> counters = BatchRows.counters(BatchRows.bytes(row, "counters"));
            int place = kind == LeafKind.PLAN
                    ? counters.subList(0, plans).indexOf(counter)
                    : counters.subList(plans, counters.size()).indexOf(counter);
            if (place >= 0) {
                int index = kind == LeafKind.PLAN ? place : plans + place;
                return located(lane, row, header, index).map(Optional::of);
            }
        }
        return Uni.createFrom().item(Optional.empty());
    }

    private Uni<Located> located(LaneId lane, Row row, BatchHeader header, int index) {
        StoredLog log = log(lane);
        long place = header.firstIndex() + index;
        return log.leaves(place, 1)
                .chain(leaf -> log.inclusion(place, header.size())
                        .chain(proof -> history(lane, header.sequence())
                                .map(history -> new Located(settled(row, history), leaf.orElseThrow(), proof))));
    }

    @Override
    public Uni<Optional<LocatedSnapshot>> snapshot(LaneId lane, long number) {
        return query(SNAPSHOTS, Tuple.of(lane.value(), number)).chain(rows -> {
            List<byte[]> snapshots = new ArrayList<>();
            long sequence = 0;
            for (Row row : rows) {
                sequence = row.getLong("sequence");
                if (row.getBuffer("data") != null) {
                    snapshots.add(BatchRows.bytes(row, "data"));
                }
            }
            return batch(lane, sequence)
                    .chain(found -> found.map(batch -> snapshots(batch.header(), snapshots)
                                    .map(all -> Optional.of(new LocatedSnapshot(
                                            batch,
                                            all,
                                            Math.toIntExact(
                                                    number - batch.header().firstSnapshot())))))
                            .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
        });
    }

    /** All of a batch are dropped together. */
    private Uni<List<byte[]>> snapshots(BatchHeader header, List<byte[]> kept) {
        return kept.isEmpty()
                ? archive.batch(header).map(ArchivedBatch::snapshots)
                : Uni.createFrom().item(kept);
    }

    private Uni<List<SettledBatch>> withHistory(LaneId lane, RowSet<Row> rows) {
        List<Row> found = new ArrayList<>();
        rows.forEach(found::add);
        if (found.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        long one = found.getFirst().getLong("sequence");
        long other = found.getLast().getLong("sequence");
        return query(HISTORY, Tuple.of(lane.value(), Math.min(one, other), Math.max(one, other)))
                .map(changes -> {
                    Map<Long, List<LevelChange>> histories = new HashMap<>();
                    changes.forEach(change -> histories
                            .computeIfAbsent(change.getLong("sequence"), first -> new ArrayList<>())
                            .add(change(change)));
                    return found.stream()
                            .map(row -> settled(row, histories.getOrDefault(row.getLong("sequence"), List.of())))
                            .toList();
                });
    }

    private Uni<List<LevelChange>> history(LaneId lane, long sequence) {
        return query(HISTORY, Tuple.of(lane.value(), sequence, sequence)).map(rows -> {
            List<LevelChange> history = new ArrayList<>();
            rows.forEach(row -> history.add(change(row)));
            return history;
        });
    }

    private static LevelChange change(Row row) {
        return new LevelChange(BatchRows.level(row), BatchRows.instant(row, "at"), BatchRows.block(row));
    }

    private static SettledBatch settled(Row row, List<LevelChange> history) {
        Optional<Hash32> sent = Optional.ofNullable(row.getBuffer("sent_hash")).map(hash -> Hash32.of(hash.getBytes()));
        return new SettledBatch(
                BatchRows.header(row),
                BatchRows.hash(row, "head"),
                BatchRows.level(row),
                sent,
                BatchRows.inclusion(row),
                history);
    }

    private Uni<RowSet<Row>> query(String sql, Tuple values) {
        return BoundedQuery.rows(pool, sql, values);
    }
}
