package openledger.store.catalog;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import openledger.inference.Catalog.LaneNumber;
import openledger.inference.Catalog.NumberKind;
import openledger.inference.Catalog.RouteEntry;
import openledger.store.BoundedQuery;
import openledger.unit.LaneId;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/**
 * Numbers of our lane's routes and targets, kept for ever. Registration belongs to the start and to a reload, before any traffic uses them.
 * Reading is from memory; {@link StoredNames} has the names of other lanes too. By SqlClient, not Hibernate Reactive: a number is found and
 * given in one statement, which no entity can express. Thread-safe.
 */
public final class StoredCatalog {
    private static final String SEPARATOR = "\n";
    private static final String ALL = "select kind, id, body from catalog_entry where lane = $1";
    private static final String INSERT = "insert into catalog_entry (lane, kind, id, canonical, body)"
            + " select $1, $2, coalesce(max(id) + 1, 0), $3, $4 from catalog_entry where lane = $1 and kind = $2"
            + " on conflict do nothing";
    private static final String ID =
            "select id from catalog_entry where lane = $1 and kind = $2 and md5(canonical) = md5($3) and canonical = $3";
    private static final String POLICY =
            "insert into policy_version (lane, hash, canonical) values ($1, $2, $3) on conflict do nothing";

    private final Pool pool;
    private final LaneId lane;
    private final Map<LaneNumber, RouteEntry> entries = new ConcurrentHashMap<>();

    private StoredCatalog(Pool pool, LaneId lane) {
        this.pool = pool;
        this.lane = lane;
    }

    /** A catalog of what the migrated database holds for a lane. */
    public static Uni<StoredCatalog> read(Pool pool, LaneId lane) {
        return BoundedQuery.rows(pool, ALL, Tuple.of(lane.value())).map(rows -> {
            StoredCatalog catalog = new StoredCatalog(pool, lane);
            rows.forEach(row -> catalog.entries.put(
                    new LaneNumber(lane, kind(row.getString(0)), row.getInteger(1)), entry(row.getString(2))));
            return catalog;
        });
    }

    /** The number of this version of a route; a new one if it has none. */
    public Uni<RouteId> registerRoute(String canonical, RouteEntry entry) {
        String body = entry.name() + SEPARATOR + String.join(SEPARATOR, entry.tiers());
        return register(NumberKind.ROUTE, canonical, body).map(RouteId::new);
    }

    /** The number of a target; a new one if it has none. */
    public Uni<TargetId> registerTarget(String name) {
        return register(NumberKind.TARGET, name, name).map(TargetId::new);
    }

    /** Keeps the text of a policy by its hash. */
    public Uni<Void> rememberPolicy(byte[] hash, byte[] canonical) {
        return BoundedQuery.rows(pool, POLICY, Tuple.of(lane.value(), Buffer.buffer(hash), Buffer.buffer(canonical)))
                .replaceWithVoid();
    }

    private Uni<Integer> register(NumberKind kind, String canonical, String body) {
        String code = code(kind);
        return BoundedQuery.rows(pool, INSERT, Tuple.of(lane.value(), code, canonical, body))
                .chain(() -> BoundedQuery.rows(pool, ID, Tuple.of(lane.value(), code, canonical)))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new IllegalStateException("no number could be given to " + canonical);
                    }
                    int id = rows.iterator().next().getInteger(0);
                    entries.put(new LaneNumber(lane, kind, id), entry(body));
                    return id;
                });
    }

    /** The letter that stands for a kind in the database. */
    public static String code(NumberKind kind) {
        return switch (kind) {
            case ROUTE -> "R";
            case TARGET -> "T";
        };
    }

    /** The same as it stands in a statement. */
    public static String quoted(NumberKind kind) {
        return "'" + code(kind) + "'";
    }

    public static NumberKind kind(String code) {
        return Arrays.stream(NumberKind.values())
                .filter(kind -> code(kind).equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kind has code " + code));
    }

    /** What the body of a row says: a name and, of a route, its tiers. */
    static RouteEntry entry(String body) {
        List<String> lines = body.lines().toList();
        return new RouteEntry(lines.getFirst(), lines.subList(1, lines.size()));
    }

    LaneId lane() {
        return lane;
    }

    /** What a number stands for; empty if it is not of our lane, or nothing has it. */
    Optional<RouteEntry> entry(LaneNumber key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** All versions of our lane's route of that name. */
    Set<Integer> routeIds(String name) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getKey().kind() == NumberKind.ROUTE
                        && entry.getValue().name().equals(name))
                .map(entry -> entry.getKey().id())
                .collect(Collectors.toUnmodifiableSet());
    }
}
