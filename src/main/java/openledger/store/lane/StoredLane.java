package openledger.store.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.BatchStore;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.cut.EndedRequests;
import openledger.settlement.cut.JournalOffset;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.SignedTransaction;
import openledger.store.BoundedQuery;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.jspecify.annotations.Nullable;

/**
 * One lane's way to the chain, in the database. Each write holds the lease's row while it lasts: if the lane has changed
 * hands nothing is written, and it does not change hands in the middle. By SqlClient: a write is a few statements under one fence.
 * Thread-safe. Long because all writes share the fence.
 */
public final class StoredLane implements BatchStore {
    private static final int RECORDED = ConfirmationLevel.RECORDED.code();
    private static final int SEQUENCED = ConfirmationLevel.SEQUENCED.code();
    private static final int FINALIZED = ConfirmationLevel.FINALIZED.code();
    private static final int SETTLED = ConfirmationLevel.SETTLED.code();

    private static final String TAKE = "insert into sequencer_lease as l (lane, holder, fence, expires)"
            + " values ($1, $2, 1, now() + $3 * interval '1 millisecond')"
            + " on conflict (lane) do update set holder = $2, expires = now() + $3 * interval '1 millisecond',"
            + " fence = case when l.holder = $2 then l.fence else l.fence + 1 end"
            + " where l.holder = $2 or l.expires < now() returning fence";
    private static final String HOLD =
            "select from sequencer_lease where lane = $1 and holder = $2 and fence = $3 for share";
    private static final String RELEASE =
            "update sequencer_lease set expires = '-infinity' where lane = $1 and holder = $2 and fence = $3";

    private static final String LAST = "select sequence, head, last_snapshot, log_size, ended, plan_chunk, plan_record,"
            + " end_chunk, end_record, coalesce((select min(sequence) from batch where lane = $1 and level < "
            + FINALIZED
            + "), sequence + 1) as unfinished"
            + " from batch where lane = $1 order by sequence desc limit 1";
    private static final String LOAD =
            "select " + BatchRows.SMALL + " from batch where lane = $1 and sequence >= $2 order by sequence limit $3";
    /** Those of batches in a block are of no use unless a reorg comes, and then they are read again. */
    private static final String TRANSACTIONS = "select t.* from batch_transaction t join batch b using (lane, sequence)"
            + " where lane = $1 and sequence between $2 and $3 and b.level < " + SEQUENCED
            + " order by sequence, ordinal";

    private static final String APPEND = "insert into batch (lane, sequence, head, header, last_snapshot, counters,"
            + " counter_groups, leaves, records, policies, end_chunk, end_record, cut_at, level, level_at,"
            + " plan_chunk, plan_record, log_size, ended, highest_counter, outcomes_so_far)"
            + " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, " + RECORDED
            + ", $13, $14, $15, $16, $17,"
            + " greatest($18, coalesce((select highest_counter from batch where lane = $1 and sequence = $2::bigint - 1), 0)),"
            + " $19 + coalesce((select outcomes_so_far from batch where lane = $1 and sequence = $2::bigint - 1), 0))";
    /** A tile that is not full is written again when it has grown. */
    private static final String TILE = "insert into log_tile (lane, level, index, hashes) values ($1, $2, $3, $4)"
            + " on conflict (lane, level, index) do update set hashes = excluded.hashes";

    private static final String SNAPSHOT =
            "insert into snapshot (lane, number, sequence, data) values ($1, $2, $3, $4)";
    private static final String SIGNED = "insert into batch_transaction"
            + " (lane, sequence, ordinal, hash, raw, nonce, max_fee, priority_fee)"
            + " select $1, $2, coalesce(max(ordinal) + 1, 0), $3, $4, $5, $6, $7"
            + " from batch_transaction where lane = $1 and sequence = $2";
    private static final String LEVEL = "update batch set level = $3, level_at = $4, included_hash = $5,"
            + " block_number = $6, block_hash = $7, committed_at = $8, gas_used = $9, fee = $10"
            + " where lane = $1 and sequence = $2";
    private static final String HISTORY =
            "insert into batch_level (lane, sequence, level, at, block_number, block_hash) values ($1, $2, $3, $4, $5, $6)";
    private static final String DEMOTE =
            "with gone as (update batch set level = " + RECORDED + ", level_at = $3, included_hash = null,"
                    + " block_number = null, block_hash = null, committed_at = null, gas_used = null, fee = null"
                    + " where lane = $1 and sequence >= $2 and level > " + RECORDED + " returning sequence)"
                    + " insert into batch_level (lane, sequence, level, at) select $1, sequence, " + RECORDED
                    + ", $3 from gone order by sequence";
    private static final String SETTLE =
            "with over as (update batch set level = " + SETTLED + ", level_at = $3 where lane = $1"
                    + " and sequence in (select sequence from batch where lane = $1 and level = " + FINALIZED
                    + " and level_at <= $2"
                    + " order by level_at limit 1000) returning sequence, block_number, block_hash)"
                    + " insert into batch_level (lane, sequence, level, at, block_number, block_hash)"
                    + " select $1, sequence, " + SETTLED + ", $3, block_number, block_hash from over order by sequence";

    private final Pool pool;
    private final LaneId lane;
    private final UUID holder;

    /**
     * A lane's way.
     *
     * @param holder names this process among those that may want the lane
     */
    public StoredLane(Pool pool, LaneId lane, UUID holder) {
        this.pool = pool;
        this.lane = lane;
        this.holder = holder;
    }

    @Override
    public Uni<Optional<Lease>> lease(Duration term) {
        return query(TAKE, Tuple.of(lane.value(), holder, (double) term.toMillis()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(new Lease(rows.iterator().next().getLong(0))));
    }

    @Override
    public Uni<Void> release(Lease lease) {
        return query(RELEASE, Tuple.of(lane.value(), holder, lease.fence())).replaceWithVoid();
    }

    @Override
    public Uni<Resumption> resume() {
        return query(LAST, Tuple.of(lane.value()))
                .chain(rows -> rows.size() == 0
                        ? Uni.createFrom().item(Resumption.START)
                        : resumption(rows.iterator().next()));
    }

    private Uni<Resumption> resumption(Row row) {
        return new StoredLog(pool, lane)
                .edge(row.getLong("log_size"))
                .map(log -> new Resumption(
                        row.getLong("sequence"),
                        BatchRows.hash(row, "head"),
                        row.getLong("last_snapshot"),
                        log,
                        EndedRequests.read(BatchRows.bytes(row, "ended")),
                        new JournalOffset(row.getLong("plan_chunk"), row.getInteger("plan_record")),
                        new JournalOffset(row.getLong("end_chunk"), row.getInteger("end_record")),
                        row.getLong("unfinished")));
    }

    @Override
    public Uni<List<Unsettled>> load(long from, int limit) {
        return query(LOAD, Tuple.of(lane.value(), from, limit))
                .chain(rows -> query(TRANSACTIONS, Tuple.of(lane.value(), from, from + limit - 1))
                        .map(transactions -> unsettled(rows, transactions)));
    }

    private static List<Unsettled> unsettled(RowSet<Row> rows, RowSet<Row> signed) {
        Map<Long, List<SignedTransaction>> transactions = new HashMap<>();
        signed.forEach(row -> transactions
                .computeIfAbsent(row.getLong("sequence"), first -> new ArrayList<>())
                .add(BatchRows.transaction(row)));
        List<Unsettled> batches = new ArrayList<>();
        rows.forEach(row -> batches.add(new Unsettled(
                BatchRows.header(row),
                BatchRows.hash(row, "head"),
                BatchRows.hashes(row, "policies"),
                BatchRows.level(row),
                BatchRows.instant(row, "level_at"),
                transactions.getOrDefault(row.getLong("sequence"), List.of()),
                BatchRows.inclusion(row))));
        return batches;
    }

    @Override
    public Uni<Void> append(Lease lease, CutBatch batch, List<Hash32> policies, Instant at) {
        Tuple row = Tuple.tuple()
                .addLong(lane.value())
                .addLong(batch.header().sequence())
                .addBuffer(Buffer.buffer(batch.head().bytes()))
                .addBuffer(Buffer.buffer(batch.header().encode()))
                .addLong(batch.header().lastSnapshot())
                .addBuffer(BatchRows.counters(batch.counters()))
                .addArrayOfLong(BatchRows.groups(batch.counters()))
                .addBuffer(Buffer.buffer(batch.leaves()))
                .addBuffer(Buffer.buffer(batch.records()))
                .addBuffer(BatchRows.joined(policies))
                .addLong(batch.end().chunk())
                .addInteger(batch.end().records())
                .addOffsetDateTime(BatchRows.time(at))
                .addLong(batch.plansEnd().chunk())
                .addInteger(batch.plansEnd().records())
                .addLong(batch.header().size())
                .addBuffer(Buffer.buffer(batch.ended().bytes()))
                .addLong(batch.header().lastCounter())
                .addLong((long) batch.header().outcomes());
        Tuple recorded = history(batch.header().sequence(), ConfirmationLevel.RECORDED, at, null);
        return write(
                lease,
                on -> on.preparedQuery(APPEND)
                        .execute(row)
                        .compose(done -> on.preparedQuery(HISTORY).execute(recorded))
                        .compose(done -> tiles(batch, on))
                        .compose(done -> snapshots(batch, on)));
    }

    private Future<?> tiles(CutBatch batch, SqlConnection on) {
        List<Tuple> rows = batch.log().tiles().stream()
                .map(tile -> Tuple.of(lane.value(), (short) tile.level(), tile.index(), Buffer.buffer(tile.hashes())))
                .toList();
        return on.preparedQuery(TILE).executeBatch(rows);
    }

    private Future<?> snapshots(CutBatch batch, SqlConnection on) {
        List<Tuple> rows = new ArrayList<>();
        for (byte[] snapshot : batch.snapshots()) {
            rows.add(Tuple.of(
                    lane.value(),
                    batch.header().firstSnapshot() + rows.size(),
                    batch.header().sequence(),
                    Buffer.buffer(snapshot)));
        }
        return rows.isEmpty()
                ? Future.succeededFuture()
                : on.preparedQuery(SNAPSHOT).executeBatch(rows);
    }

    @Override
    public Uni<Void> signed(Lease lease, long sequence, SignedTransaction transaction) {
        Tuple row = Tuple.tuple()
                .addLong(lane.value())
                .addLong(sequence)
                .addBuffer(Buffer.buffer(transaction.hash().bytes()))
                .addBuffer(Buffer.buffer(transaction.raw()))
                .addLong(transaction.nonce())
                .addValue(BatchRows.numeric(transaction.maxFee()))
                .addValue(BatchRows.numeric(transaction.priorityFee()));
        return write(lease, on -> on.preparedQuery(SIGNED).execute(row));
    }

    @Override
    public Uni<Void> changed(Lease lease, List<Change> changes) {
        List<Tuple> levels = changes.stream().map(this::level).toList();
        List<Tuple> history = changes.stream()
                .map(change -> history(
                        change.sequence(),
                        change.level().level(),
                        change.level().at(),
                        change.level().block().orElse(null)))
                .toList();
        return write(
                lease,
                on -> on.preparedQuery(LEVEL)
                        .executeBatch(levels)
                        .compose(done -> on.preparedQuery(HISTORY).executeBatch(history)));
    }

    private Tuple level(Change change) {
        Tuple row = Tuple.tuple()
                .addLong(lane.value())
                .addLong(change.sequence())
                .addShort((short) change.level().level().code())
                .addOffsetDateTime(BatchRows.time(change.level().at()));
        Inclusion where = change.inclusion().orElse(null);
        if (where == null) {
            return row.addBuffer(null)
                    .addLong(null)
                    .addBuffer(null)
                    .addLong(null)
                    .addLong(null)
                    .addValue(null);
        }
        return row.addBuffer(Buffer.buffer(where.transaction().bytes()))
                .addLong(where.block().number())
                .addBuffer(Buffer.buffer(where.block().hash().bytes()))
                .addLong(where.committedAt())
                .addLong(where.gasUsed())
                .addValue(BatchRows.numeric(where.fee()));
    }

    private Tuple history(long sequence, ConfirmationLevel level, Instant at, @Nullable BlockRef block) {
        return Tuple.tuple()
                .addLong(lane.value())
                .addLong(sequence)
                .addShort((short) level.code())
                .addOffsetDateTime(BatchRows.time(at))
                .addLong(block == null ? null : block.number())
                .addBuffer(block == null ? null : Buffer.buffer(block.hash().bytes()));
    }

    @Override
    public Uni<Void> demoted(Lease lease, long from, Instant at) {
        Tuple values = Tuple.of(lane.value(), from, BatchRows.time(at));
        return write(lease, on -> on.preparedQuery(DEMOTE).execute(values));
    }

    @Override
    public Uni<Integer> settled(Lease lease, Instant finalizedBy, Instant at) {
        Tuple values = Tuple.of(lane.value(), BatchRows.time(finalizedBy), BatchRows.time(at));
        return held(lease, on -> on.preparedQuery(SETTLE).execute(values).map(RowSet::rowCount));
    }

    private Uni<Void> write(Lease lease, Function<SqlConnection, Future<?>> work) {
        return held(lease, work::apply).replaceWithVoid();
    }

    private <T> Uni<T> held(Lease lease, Function<SqlConnection, Future<T>> work) {
        return BoundedQuery.of(() -> pool.withTransaction(on -> on.preparedQuery(HOLD)
                .execute(Tuple.of(lane.value(), holder, lease.fence()))
                .compose(rows -> rows.size() == 1
                        ? work.apply(on)
                        : Future.failedFuture(new LeaseLost("the lane is another writer's, lane=" + lane.value())))));
    }

    private Uni<RowSet<Row>> query(String sql, Tuple values) {
        return BoundedQuery.rows(pool, sql, values);
    }
}
