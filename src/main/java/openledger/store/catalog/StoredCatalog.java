package openledger.store.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import openledger.inference.Catalog.LaneNumber;
import openledger.inference.Catalog.NumberKind;
import openledger.inference.Catalog.RouteEntry;
import openledger.store.JdbcLink;
import openledger.unit.LaneId;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/**
 * Numbers of our lane's routes and targets, kept for ever. Registration talks to the database and blocks: it belongs to the start and
 * to a reload, before any traffic uses them. Reading is from memory; {@link StoredNames} has the names of other lanes too. Thread-safe.
 */
public final class StoredCatalog {
    private static final String SEPARATOR = "\n";

    private final DataSource database;
    private final LaneId lane;
    private final Map<LaneNumber, RouteEntry> entries = new ConcurrentHashMap<>();

    /** A catalog of what the migrated database holds for a lane. */
    public StoredCatalog(DataSource database, LaneId lane) throws SQLException {
        this.database = database;
        this.lane = lane;
        try (Connection connection = JdbcLink.to(database);
                PreparedStatement select =
                        connection.prepareStatement("select kind, id, body from catalog_entry where lane = ?")) {
            select.setLong(1, lane.value());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.put(
                            new LaneNumber(lane, kind(rows.getString(1)), rows.getInt(2)), entry(rows.getString(3)));
                }
            }
        }
    }

    /** The number of this version of a route; a new one if it has none. */
    public RouteId registerRoute(String canonical, RouteEntry entry) throws SQLException {
        String body = entry.name() + SEPARATOR + String.join(SEPARATOR, entry.tiers());
        return new RouteId(register(NumberKind.ROUTE, canonical, body));
    }

    /** The number of a target; a new one if it has none. */
    public TargetId registerTarget(String name) throws SQLException {
        return new TargetId(register(NumberKind.TARGET, name, name));
    }

    /** Keeps the text of a policy by its hash. */
    public void rememberPolicy(byte[] hash, byte[] canonical) throws SQLException {
        try (Connection connection = JdbcLink.to(database);
                PreparedStatement insert =
                        connection.prepareStatement("insert into policy_version (lane, hash, canonical)"
                                + " values (?, ?, ?) on conflict do nothing")) {
            insert.setLong(1, lane.value());
            insert.setBytes(2, hash);
            insert.setBytes(3, canonical);
            insert.executeUpdate();
        }
    }

    private int register(NumberKind kind, String canonical, String body) throws SQLException {
        String code = code(kind);
        try (Connection connection = JdbcLink.to(database);
                PreparedStatement insert =
                        connection.prepareStatement("insert into catalog_entry (lane, kind, id, canonical, body)"
                                + " select ?, ?, coalesce(max(id) + 1, 0), ?, ? from catalog_entry where lane = ? and kind = ?"
                                + " on conflict do nothing");
                PreparedStatement select = connection.prepareStatement("select id from catalog_entry where lane = ?"
                        + " and kind = ? and md5(canonical) = md5(?) and canonical = ?")) {
            insert.setLong(1, lane.value());
            insert.setString(2, code);
            insert.setString(3, canonical);
            insert.setString(4, body);
            insert.setLong(5, lane.value());
            insert.setString(6, code);
            insert.executeUpdate();
            select.setLong(1, lane.value());
            select.setString(2, code);
            select.setString(3, canonical);
            select.setString(4, canonical);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new SQLException("no number could be given to " + canonical);
                }
                int id = rows.getInt(1);
                entries.put(new LaneNumber(lane, kind, id), entry(body));
                return id;
            }
        }
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
