package openledger.bench;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.LongStream;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafField;
import openledger.commitment.log.LogEdge;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * Fills a database with a lane's log as settlement leaves it: full batches, their tiles, levels and transactions. Each leaf has the number
 * of its request and is noise otherwise. Requests do not end in order: nearly all within a batch, one in a hundred long after. Confined to
 * one thread.
 */
final class DeepLog {
    private static final String BATCH = "insert into batch (lane, sequence, head, header, last_snapshot, counters,"
            + " counter_groups, leaves, records, policies, end_chunk, end_record, cut_at, level, level_at, log_size, ended,"
            + " highest_counter, outcomes_so_far) values (?, ?, ?, ?, 0, ?, ?, ?, '', '', 0, 0, ?, 5, ?, ?, '', ?, ?)";
    private static final String TILE = "insert into log_tile (lane, level, index, hashes) values (?, ?, ?, ?)"
            + " on conflict (lane, level, index) do update set hashes = excluded.hashes";
    private static final String LEVELS = "insert into batch_level (lane, sequence, level, at)"
            + " select lane, sequence, l, cut_at from batch, unnest(array[0, 3, 5]) as l";
    private static final String SENT = "insert into batch_transaction"
            + " select lane, sequence, 0, head, decode(repeat('5e', 400), 'hex'), sequence, 1, 1 from batch";
    private static final int COUNT = BatchHeader.MOST_LEAVES;
    private static final int NEAR = 600;
    /** Of the log: how long the late ones take. */
    private static final int FAR_SHARE = 50;

    private static final int SELDOM = 100;
    /** As the product groups them: without their last 8 bits. */
    private static final int GROUP_BITS = 8;

    private static final int COMMIT_EVERY = 100;

    private final LaneId lane;
    private final Random random = new Random(1);
    private final PriorityQueue<Due> pending = new PriorityQueue<>(Comparator.comparingLong(Due::place));
    private long arrived;
    private int far = 1;

    DeepLog(LaneId lane) {
        this.lane = lane;
    }

    /** A request, and when it ends. */
    private record Due(long place, long counter) {}

    /** Adds so many leaves, in whole batches. */
    void fill(Connection database, long leaves) throws SQLException {
        far = Math.toIntExact(leaves / FAR_SHARE);
        database.setAutoCommit(false);
        LogEdge edge = LogEdge.EMPTY;
        Hash32 head = Hash32.ZERO;
        long highest = 0;
        try (Statement settings = database.createStatement();
                PreparedStatement batches = database.prepareStatement(BATCH);
                PreparedStatement tiles = database.prepareStatement(TILE)) {
            settings.execute("set synchronous_commit = off");
            for (long sequence = 1; (sequence - 1) * COUNT < leaves; sequence++) {
                long[] counters = LongStream.generate(this::next).limit(COUNT).toArray();
                byte[] bytes = leaves(counters);
                LogEdge.Growth grown = edge.append(bytes, LeafEncoding.BYTES);
                edge = grown.edge();
                BatchHeader header = header(sequence, head, counters, edge);
                head = header.head();
                highest = Math.max(highest, header.lastCounter());
                insert(database, batches, header, counters, bytes, highest);
                for (var tile : grown.tiles()) {
                    tiles.setLong(1, lane.value());
                    tiles.setInt(2, tile.level());
                    tiles.setLong(3, tile.index());
                    tiles.setBytes(4, tile.hashes());
                    tiles.addBatch();
                }
                tiles.executeBatch();
                if (sequence % COMMIT_EVERY == 0) {
                    database.commit();
                }
            }
            settings.execute(LEVELS);
            settings.execute(SENT);
            database.commit();
        }
        database.setAutoCommit(true);
    }

    /** The request that ends next. */
    private long next() {
        while (pending.isEmpty() || pending.peek().place > arrived) {
            arrived++;
            int late = random.nextInt(SELDOM) == 0 ? random.nextInt(far) : random.nextInt(NEAR);
            pending.add(new Due(arrived + late, arrived));
        }
        return pending.remove().counter;
    }

    private byte[] leaves(long... counters) {
        byte[] bytes = new byte[counters.length * LeafEncoding.BYTES];
        random.nextBytes(bytes);
        ByteBuffer out = ByteBuffer.wrap(bytes);
        for (int i = 0; i < counters.length; i++) {
            out.putLong(i * LeafEncoding.BYTES + LeafField.COUNTER.offset(), counters[i]);
        }
        return bytes;
    }

    private BatchHeader header(long sequence, Hash32 previous, long[] counters, LogEdge edge) {
        return new BatchHeader(
                901,
                Address.of(new byte[Address.BYTES]),
                lane,
                sequence,
                previous,
                Hash32.ZERO,
                1,
                0,
                Hash32.ZERO,
                LongStream.of(counters).min().orElseThrow(),
                LongStream.of(counters).max().orElseThrow(),
                0,
                COUNT,
                COUNT,
                edge.size(),
                edge.root(),
                Hash32.ZERO,
                1,
                1);
    }

    private void insert(
            Connection database,
            PreparedStatement batches,
            BatchHeader header,
            long[] counters,
            byte[] leaves,
            long highest)
            throws SQLException {
        ByteBuffer joined = ByteBuffer.allocate(counters.length * Long.BYTES);
        LongStream.of(counters).forEach(joined::putLong);
        Long[] groups = LongStream.of(counters)
                .map(counter -> counter >> GROUP_BITS)
                .distinct()
                .boxed()
                .toArray(Long[]::new);
        OffsetDateTime at = OffsetDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
        batches.setLong(1, lane.value());
        batches.setLong(2, header.sequence());
        batches.setBytes(3, header.head().bytes());
        batches.setBytes(4, header.encode());
        batches.setBytes(5, joined.array());
        batches.setArray(6, database.createArrayOf("bigint", groups));
        batches.setBytes(7, leaves);
        for (int place : List.of(8, 9)) {
            batches.setObject(place, at);
        }
        batches.setLong(10, header.size());
        batches.setLong(11, highest);
        batches.setLong(12, header.size());
        batches.executeUpdate();
    }
}
