package openledger.store.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.NoteKey;
import openledger.settlement.witness.Cosignatures;
import openledger.store.BoundedQuery;
import openledger.unit.LaneId;

/**
 * Cosignatures of one lane's log. Of each hour the last checkpoint with a quorum is kept, and of each witness its newest. Only the
 * witnesses that are configured count. Thread-safe.
 */
public final class StoredCosignatures implements Cosignatures {
    private static final String OURS = " from cosignature where lane = $1 and origin = $2 and witness = any($3)";
    /** By the index, and not over all rows that are kept. */
    private static final String NEWEST =
            " from unnest($3::text[]) as ours (witness) cross join lateral (select size from cosignature as c"
                    + " where lane = $1 and origin = $2 and c.witness = ours.witness order by size desc limit 1) as newest";

    private static final String WITH_QUORUM = " group by size having count(*) >= $4";

    /** A witness cosigns the same again if its first answer was lost. */
    private static final String KEEP = "insert into cosignature (lane, origin, size, witness, root, line, at)"
            + " values ($1, $2, $3, $4, $5, $6, $7) on conflict (lane, origin, size, witness)"
            + " do update set root = excluded.root, line = excluded.line, at = excluded.at";
    /** What is older was looked through while it was young. */
    static final String TRIM = "delete from cosignature where lane = $1 and origin = $2"
            + " and at > $5::timestamptz - interval '2 hours' and size not in (select newest.size"
            + NEWEST + ") and size not in (select max(size) from (select size, max(at) as at" + OURS
            + " and at > $5::timestamptz - interval '3 hours'" + WITH_QUORUM
            + ") as met group by date_trunc('hour', at at time zone 'UTC'))";

    private static final String SIZES = "select ours.witness, newest.size" + NEWEST;
    private static final String WITNESSED = "select size" + OURS + WITH_QUORUM + " order by size desc limit 1";
    private static final String LINES = "select witness, line" + OURS + " and size = $4 and root = $5";
    private static final String COVERING = "select size, root, witness, line" + OURS + " and size = (select size" + OURS
            + " and size > $5" + WITH_QUORUM + " order by size limit 1)";
    /** Without a quorum; $4 is of no account. */
    private static final String MOST = "select size, root, witness, line" + OURS + " and size = (select size" + OURS
            + " and size > $5 and $4::bigint > 0 group by size order by count(*) desc, size limit 1)";

    private final Pool pool;
    private final LaneId lane;
    private final String origin;
    private final List<String> witnesses;
    private final Map<String, NoteKey> keys;
    private final int quorum;

    /**
     * Those of a log.
     *
     * @param origin its name
     * @param witnesses who count, in the order of their lines
     * @param quorum how many of them a checkpoint needs
     */
    public StoredCosignatures(Pool pool, LaneId lane, String origin, List<NoteKey> witnesses, int quorum) {
        this.pool = pool;
        this.lane = lane;
        this.origin = origin;
        this.witnesses = witnesses.stream().map(NoteKey::toString).toList();
        this.keys = witnesses.stream().collect(Collectors.toMap(NoteKey::toString, Function.identity()));
        this.quorum = quorum;
    }

    @Override
    public Uni<Void> keep(Checkpoint checkpoint, NoteKey witness, String line, Instant at) {
        Tuple row = Tuple.tuple()
                .addLong(lane.value())
                .addString(checkpoint.origin())
                .addLong(checkpoint.size())
                .addString(witness.toString())
                .addBuffer(Buffer.buffer(checkpoint.root().bytes()))
                .addString(line)
                .addOffsetDateTime(BatchRows.time(at));
        return BoundedQuery.rows(pool, KEEP, row)
                .chain(kept -> BoundedQuery.rows(
                        pool, TRIM, ours().addLong((long) quorum).addOffsetDateTime(BatchRows.time(at))))
                .replaceWithVoid();
    }

    @Override
    public Uni<Extent> extent() {
        return BoundedQuery.rows(pool, SIZES, ours())
                .chain(sizes -> BoundedQuery.rows(pool, WITNESSED, ours().addLong((long) quorum))
                        .map(witnessed -> new Extent(
                                sizes(sizes),
                                witnessed.size() == 0
                                        ? 0
                                        : witnessed.iterator().next().getLong("size"))));
    }

    private Map<NoteKey, Long> sizes(RowSet<Row> rows) {
        Map<NoteKey, Long> sizes = new HashMap<>();
        rows.forEach(row -> Optional.ofNullable(keys.get(row.getString("witness")))
                .ifPresent(key -> sizes.put(key, row.getLong("size"))));
        return sizes;
    }

    @Override
    public Uni<List<String>> of(Checkpoint checkpoint) {
        Tuple wanted = ours().addLong(checkpoint.size())
                .addBuffer(Buffer.buffer(checkpoint.root().bytes()));
        return BoundedQuery.rows(pool, LINES, wanted).map(this::lines);
    }

    @Override
    public Uni<Optional<Cosigned>> covering(long index) {
        return covering(COVERING, index)
                .chain(found -> found.isPresent() ? Uni.createFrom().item(found) : covering(MOST, index));
    }

    private Uni<Optional<Cosigned>> covering(String which, long index) {
        return BoundedQuery.rows(pool, which, ours().addLong((long) quorum).addLong(index))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(cosigned(rows.iterator().next(), lines(rows))));
    }

    private Cosigned cosigned(Row row, List<String> lines) {
        return new Cosigned(new Checkpoint(origin, row.getLong("size"), BatchRows.hash(row, "root")), lines);
    }

    private List<String> lines(RowSet<Row> rows) {
        Map<String, String> byWitness = new HashMap<>();
        rows.forEach(row -> byWitness.put(row.getString("witness"), row.getString("line")));
        List<String> lines = new ArrayList<>();
        for (String witness : witnesses) {
            Optional.ofNullable(byWitness.get(witness)).ifPresent(lines::add);
        }
        return lines;
    }

    private Tuple ours() {
        return Tuple.tuple().addLong(lane.value()).addString(origin).addArrayOfString(witnesses.toArray(String[]::new));
    }
}
