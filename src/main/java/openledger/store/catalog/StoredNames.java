package openledger.store.catalog;

import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import openledger.inference.Catalog;
import openledger.store.BoundedQuery;
import openledger.unit.LaneId;
import org.jspecify.annotations.Nullable;

/**
 * Names of the routes and targets of all lanes of the database. Our own lane's are in memory; those of other lanes are read when a
 * request of theirs is first shown, and kept: a number never changes its meaning. By SqlClient: numbers are asked for as arrays.
 * Thread-safe.
 */
public final class StoredNames implements Catalog {
    /** Names of other lanes that are kept, about 100 bytes each; the one that was used longest ago is dropped. */
    static final int MOST_KEPT = 100_000;

    private static final int MOST_ROUTE_NAMES = 1_000;
    /** A route of another lane is found by its name at most this much later than it was registered. */
    private static final long VERSIONS_KEPT_NANOS = 5_000_000_000L;

    private static final String ENTRIES = "select c.lane, c.kind, c.id, c.body from catalog_entry c"
            + " join unnest($1::bigint[], $2::text[], $3::int[]) as wanted (lane, kind, id)"
            + " on c.lane = wanted.lane and c.kind = wanted.kind::char(1) and c.id = wanted.id";
    private static final String VERSIONS = "select lane, id from catalog_entry where kind = "
            + StoredCatalog.quoted(NumberKind.ROUTE) + " and split_part(body, E'\\n', 1) = $1";

    private final Pool pool;
    private final StoredCatalog own;
    private final LongSupplier nanos;
    private final Recent<LaneNumber, RouteEntry> others = new Recent<>(MOST_KEPT);
    private final Recent<String, Versions> versions = new Recent<>(MOST_ROUTE_NAMES);

    /** Names as the database has them. */
    public StoredNames(Pool pool, StoredCatalog own) {
        this(pool, own, System::nanoTime);
    }

    StoredNames(Pool pool, StoredCatalog own, LongSupplier nanos) {
        this.pool = pool;
        this.own = own;
        this.nanos = nanos;
    }

    @Override
    public Uni<Names> names(Set<LaneNumber> keys) {
        Map<LaneNumber, RouteEntry> known = new HashMap<>();
        List<LaneNumber> missing = new ArrayList<>();
        for (LaneNumber key : keys) {
            Optional<RouteEntry> entry = own.entry(key).or(() -> Optional.ofNullable(others.get(key)));
            entry.ifPresentOrElse(there -> known.put(key, there), () -> missing.add(key));
        }
        return missing.isEmpty()
                ? Uni.createFrom().item(new Names(known))
                : read(missing).map(read -> {
                    known.putAll(read);
                    return new Names(known);
                });
    }

    private Uni<Map<LaneNumber, RouteEntry>> read(List<LaneNumber> missing) {
        Tuple values = Tuple.tuple()
                .addArrayOfLong(missing.stream().map(key -> key.lane().value()).toArray(Long[]::new))
                .addArrayOfString(missing.stream()
                        .map(key -> StoredCatalog.code(key.kind()))
                        .toArray(String[]::new))
                .addArrayOfInteger(missing.stream().map(LaneNumber::id).toArray(Integer[]::new));
        return BoundedQuery.rows(pool, ENTRIES, values).map(rows -> {
            Map<LaneNumber, RouteEntry> read = new HashMap<>();
            for (Row row : rows) {
                LaneNumber key = new LaneNumber(
                        new LaneId(row.getLong(0)), StoredCatalog.kind(row.getString(1)), row.getInteger(2));
                RouteEntry entry = StoredCatalog.entry(row.getString(3));
                others.put(key, entry);
                read.put(key, entry);
            }
            return read;
        });
    }

    /** All versions of the route of that name: their numbers, by lane. */
    public Uni<Map<Long, Set<Integer>>> versions(String name) {
        Versions kept = versions.get(name);
        Uni<Map<Long, Set<Integer>>> found = kept != null && nanos.getAsLong() - kept.readNanos < VERSIONS_KEPT_NANOS
                ? Uni.createFrom().item(kept.ids)
                : BoundedQuery.rows(pool, VERSIONS, Tuple.of(name)).map(rows -> {
                    Map<Long, Set<Integer>> ids = ids(rows);
                    versions.put(name, new Versions(nanos.getAsLong(), ids));
                    return ids;
                });
        return found.map(ids -> withOwn(ids, name));
    }

    private static Map<Long, Set<Integer>> ids(RowSet<Row> rows) {
        Map<Long, Set<Integer>> ids = new HashMap<>();
        rows.forEach(row ->
                ids.computeIfAbsent(row.getLong(0), lane -> new HashSet<>()).add(row.getInteger(1)));
        return ids;
    }

    /** What was kept may be older than our own newest route. */
    private Map<Long, Set<Integer>> withOwn(Map<Long, Set<Integer>> ids, String name) {
        Set<Integer> ours = own.routeIds(name);
        if (ours.isEmpty()) {
            return ids;
        }
        Map<Long, Set<Integer>> all = new HashMap<>(ids);
        all.put(own.lane().value(), ours);
        return all;
    }

    private record Versions(long readNanos, Map<Long, Set<Integer>> ids) {}

    /** What was used last, up to a bound. Thread-safe. */
    private static final class Recent<K, V> {
        private final Map<K, V> kept;

        Recent(int most) {
            kept = new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                    return size() > most;
                }
            };
        }

        synchronized @Nullable V get(K key) {
            return kept.get(key);
        }

        synchronized void put(K key, V value) {
            kept.put(key, value);
        }
    }
}
