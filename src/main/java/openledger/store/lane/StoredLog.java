package openledger.store.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.ConsistencyPath;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogEdge;
import openledger.commitment.log.TilePath;
import openledger.commitment.log.TiledLog;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.log.LogReads;
import openledger.store.BoundedQuery;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * One lane's log as the database keeps it: a row a tile, the leaves with their batches. A tile grows in the transaction that adds the
 * batch, so it is never longer than the log. Leaves that were dropped are read from the archive. Thread-safe.
 */
public final class StoredLog implements LogReads {
    private static final String TILES = "select level, index, hashes from log_tile"
            + " join unnest($2::smallint[], $3::bigint[]) as wanted (of_level, of_index)"
            + " on level = of_level and index = of_index where lane = $1";
    private static final String TILE = "select substr(hashes, 1, $4::int) from log_tile"
            + " where lane = $1 and level = $2 and index = $3 and octet_length(hashes) >= $4::int";
    private static final String NEWEST = "select header from batch where lane = $1 order by sequence desc limit 1";
    /** Of each batch that has leaves from $2 to $3 - 1 only these; none that begins before $3 ends at $4 or later. */
    private static final String LEAVES = "select substr(leaves, (96 * (greatest($2::bigint, first) - first) + 1)::int,"
            + " (96 * (least($3::bigint, log_size) - greatest($2::bigint, first)))::int) from"
            + " (select leaves, log_size, log_size - octet_length(leaves) / 96 as first from batch"
            + " where lane = $1 and log_size > $2 and log_size < $4) as near where first < $3 order by log_size";
    /** Whether the batch with that leaf has lost its leaves; no row if there is no such leaf. */
    private static final String IS_DROPPED =
            "select leaves is null from batch where lane = $1 and log_size > $2 order by log_size limit 1";

    private final Pool pool;
    private final LaneId lane;
    private final ArchivedLog archive;

    /** A log of which nothing was dropped. */
    public StoredLog(Pool pool, LaneId lane) {
        this(pool, lane, ArchivedLog.NONE);
    }

    /**
     * A log.
     *
     * @param archive that has what was dropped
     */
    public StoredLog(Pool pool, LaneId lane, ArchivedLog archive) {
        this.pool = pool;
        this.lane = lane;
        this.archive = archive;
    }

    @Override
    public Uni<Head> newest() {
        return BoundedQuery.rows(pool, NEWEST, Tuple.of(lane.value()))
                .map(rows -> rows.size() == 0
                        ? Head.EMPTY
                        : head(BatchRows.header(rows.iterator().next())));
    }

    private static Head head(BatchHeader header) {
        return new Head(header.size(), header.root());
    }

    @Override
    public Uni<Optional<byte[]>> tile(TilePath path) {
        Tuple wanted = Tuple.of(lane.value(), (short) path.level(), path.index(), path.width() * Hash32.BYTES);
        return BoundedQuery.rows(pool, TILE, wanted)
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getBuffer(0).getBytes()));
    }

    @Override
    public Uni<Optional<byte[]>> leaves(long first, int count) {
        return kept(first, count)
                .chain(kept -> kept.isPresent()
                        ? Uni.createFrom().item(kept)
                        : isDropped(first)
                                .chain(dropped -> dropped
                                        ? archived(first, count)
                                        : Uni.createFrom().item(kept)));
    }

    private Uni<Boolean> isDropped(long leaf) {
        return BoundedQuery.rows(pool, IS_DROPPED, Tuple.of(lane.value(), leaf))
                .map(rows -> rows.size() == 1 && rows.iterator().next().getBoolean(0));
    }

    /** What is dropped is in full bundles. The tile has no hash that the log has not. */
    private Uni<Optional<byte[]>> archived(long first, int count) {
        int from = (int) (first % TilePath.FULL);
        int here = Math.min(count, TilePath.FULL - from);
        Uni<Optional<byte[]>> part = tile(new TilePath(0, first / TilePath.FULL, from + here))
                .chain(hashes -> hashes.isEmpty()
                        ? Uni.createFrom().item(Optional.empty())
                        : archive.leaves(lane, first, here, hashes.get()).map(Optional::of));
        return here == count ? part : part.chain(before -> joined(before, leaves(first + here, count - here)));
    }

    private static Uni<Optional<byte[]>> joined(Optional<byte[]> before, Uni<Optional<byte[]>> after) {
        return after.map(rest -> before.flatMap(
                start -> rest.map(end -> Buffer.buffer(start).appendBytes(end).getBytes())));
    }

    private Uni<Optional<byte[]>> kept(long first, int count) {
        long end = first + count;
        return BoundedQuery.rows(pool, LEAVES, Tuple.of(lane.value(), first, end, end + BatchHeader.MOST_LEAVES))
                .map(rows -> {
                    Buffer all = Buffer.buffer(count * LeafEncoding.BYTES);
                    for (Row row : rows) {
                        all.appendBuffer(row.getBuffer(0));
                    }
                    return all.length() == count * LeafEncoding.BYTES ? Optional.of(all.getBytes()) : Optional.empty();
                });
    }

    /** The right edge of the log when it had so many entries. */
    Uni<LogEdge> edge(long size) {
        return tiles(LogEdge.needed(size)).map(tiles -> LogEdge.of(size, tiles));
    }

    @Override
    public Uni<InclusionPath> inclusion(long index, long size) {
        return tiles(TiledLog.forInclusion(index, size)).map(tiles -> new TiledLog(size, tiles).inclusion(index, size));
    }

    @Override
    public Uni<ConsistencyPath> consistency(long earlier, long size) {
        return tiles(TiledLog.forConsistency(earlier, size))
                .map(tiles -> new TiledLog(size, tiles).consistency(earlier, size));
    }

    /** Tiles as they were when they had that many hashes. */
    private Uni<Function<TilePath, byte[]>> tiles(Collection<TilePath> needed) {
        Short[] levels = needed.stream().map(path -> (short) path.level()).toArray(Short[]::new);
        Long[] indexes = needed.stream().map(TilePath::index).toArray(Long[]::new);
        return BoundedQuery.rows(pool, TILES, Tuple.of(lane.value(), levels, indexes))
                .map(rows -> {
                    Map<TilePath, byte[]> found = new HashMap<>();
                    rows.forEach(row -> needed.stream()
                            .filter(path ->
                                    path.level() == row.getShort("level") && path.index() == row.getLong("index"))
                            .forEach(path -> found.put(path, path.of(BatchRows.bytes(row, "hashes")))));
                    return path -> {
                        byte[] tile = found.get(path);
                        if (tile == null) {
                            throw new IllegalStateException("the log of lane " + lane.value() + " lacks " + path);
                        }
                        return tile;
                    };
                });
    }
}
