package openledger.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import openledger.inference.Catalog;
import openledger.unit.LaneId;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/**
 * Numbers of routes and targets, kept for ever. Registration talks to the database and blocks: it belongs to the start,
 * before any traffic. Reading is from memory. Thread-safe.
 */
public final class StoredCatalog implements Catalog {
    private static final String SEPARATOR = "\n";

    private final DataSource database;
    private final LaneId lane;
    private final Map<Integer, RouteEntry> routes = new ConcurrentHashMap<>();
    private final Map<Integer, String> targets = new ConcurrentHashMap<>();

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
                    remember(rows.getString(1), rows.getInt(2), rows.getString(3));
                }
            }
        }
    }

    /** The number of this version of a route; a new one if it has none. */
    public RouteId registerRoute(String canonical, RouteEntry entry) throws SQLException {
        String body = entry.name() + SEPARATOR + String.join(SEPARATOR, entry.tiers());
        return new RouteId(register("R", canonical, body));
    }

    /** The number of a target; a new one if it has none. */
    public TargetId registerTarget(String name) throws SQLException {
        return new TargetId(register("T", name, name));
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

    private int register(String kind, String canonical, String body) throws SQLException {
        try (Connection connection = JdbcLink.to(database);
                PreparedStatement insert =
                        connection.prepareStatement("insert into catalog_entry (lane, kind, id, canonical, body)"
                                + " select ?, ?, coalesce(max(id) + 1, 0), ?, ? from catalog_entry where lane = ? and kind = ?"
                                + " on conflict do nothing");
                PreparedStatement select = connection.prepareStatement("select id from catalog_entry where lane = ?"
                        + " and kind = ? and md5(canonical) = md5(?) and canonical = ?")) {
            insert.setLong(1, lane.value());
            insert.setString(2, kind);
            insert.setString(3, canonical);
            insert.setString(4, body);
            insert.setLong(5, lane.value());
            insert.setString(6, kind);
            insert.executeUpdate();
            select.setLong(1, lane.value());
            select.setString(2, kind);
            select.setString(3, canonical);
            select.setString(4, canonical);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new SQLException("no number could be given to " + canonical);
                }
                int id = rows.getInt(1);
                remember(kind, id, body);
                return id;
            }
        }
    }

    private void remember(String kind, int id, String body) {
        if ("R".equals(kind)) {
            List<String> lines = body.lines().toList();
            routes.put(id, new RouteEntry(lines.getFirst(), lines.subList(1, lines.size())));
        } else {
            targets.put(id, body);
        }
    }

    @Override
    public Optional<RouteEntry> route(RouteId id) {
        return Optional.ofNullable(routes.get(id.value()));
    }

    @Override
    public Optional<String> target(TargetId id) {
        return Optional.ofNullable(targets.get(id.value()));
    }

    /** All versions of the route of that name. */
    Set<Integer> routeIds(String name) {
        return routes.entrySet().stream()
                .filter(entry -> entry.getValue().name().equals(name))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
