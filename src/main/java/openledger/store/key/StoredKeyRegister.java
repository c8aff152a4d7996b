package openledger.store.key;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import openledger.access.ApiKey;
import openledger.access.KeyGrant;
import openledger.access.KeyLimits;
import openledger.access.KeyRegister;
import openledger.routing.RoutingMode;
import openledger.store.JdbcLink;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** The register of keys in the database; the clock that counts is the database's. Blocks. Thread-safe. */
public final class StoredKeyRegister implements KeyRegister {
    private static final String COLUMNS = "id, tenant, prefix, label, created, expires, revoked, requests_per_minute,"
            + " concurrent_requests, default_mode";
    private static final String INSERT = "insert into api_key (tenant, digest, prefix, label, expires,"
            + " requests_per_minute, concurrent_requests, default_mode) values (?, ?, ?, ?, ?, ?, ?, ?) returning "
            + COLUMNS;
    private static final String LIST = "select " + COLUMNS
            + " from api_key where (?::text is null or tenant = ?) and id < ? order by id desc limit ?";
    private static final String END_AFTER_GRACE =
            "update api_key set revoked = least(revoked, now() + ? * interval '1 ms')"
                    + " where id = ? and coalesce(revoked > now(), true) and coalesce(expires > now(), true) returning "
                    + COLUMNS;
    private static final String END =
            "update api_key set revoked = least(revoked, now()) where id = ? returning " + COLUMNS;
    private static final String NO_SUCH_TABLE = "42P01";
    private static final int SECONDS_TO_CONNECT = 5;

    private final DataSource database;
    private final RandomGenerator random;

    /** A register in {@code database}; {@code random} must be fit for secrets. */
    public StoredKeyRegister(DataSource database, RandomGenerator random) {
        this.database = database;
        this.random = random;
    }

    /** A register by the address of its database, for a process that has no pool. */
    public static StoredKeyRegister at(
            String jdbcUrl, Optional<String> user, Optional<String> password, RandomGenerator random) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(jdbcUrl);
        database.setConnectTimeout(SECONDS_TO_CONNECT);
        user.ifPresent(database::setUser);
        password.ifPresent(database::setPassword);
        return new StoredKeyRegister(database, random);
    }

    @Override
    public Issued create(KeyGrant grant) {
        return within(connection -> insert(connection, grant));
    }

    @Override
    public Optional<Issued> rotate(long id, Duration grace) {
        if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            throw new IllegalArgumentException("a grace is 0 to " + LONGEST_GRACE.toDays() + " days");
        }
        return within(connection -> {
            Optional<Entry> old;
            try (PreparedStatement update = connection.prepareStatement(END_AFTER_GRACE)) {
                update.setLong(1, grace.toMillis());
                update.setLong(2, id);
                old = first(update);
            }
            return old.isEmpty()
                    ? Optional.empty()
                    : Optional.of(insert(connection, old.get().grant()));
        });
    }

    @Override
    public Optional<Entry> revoke(long id) {
        return within(connection -> {
            try (PreparedStatement update = connection.prepareStatement(END)) {
                update.setLong(1, id);
                return first(update);
            }
        });
    }

    @Override
    public Page list(Filter filter) {
        return within(connection -> {
            List<Entry> found = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(LIST)) {
                select.setString(1, filter.tenant().orElse(null));
                select.setString(2, filter.tenant().orElse(null));
                select.setLong(3, filter.before());
                select.setInt(4, filter.limit() + 1);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        found.add(entry(rows));
                    }
                }
            }
            if (found.size() <= filter.limit()) {
                return new Page(found, Optional.empty());
            }
            List<Entry> page = List.copyOf(found.subList(0, filter.limit()));
            return new Page(page, Optional.of(page.getLast().id()));
        });
    }

    private Issued insert(Connection connection, KeyGrant grant) throws SQLException {
        ApiKey key = ApiKey.draw(random);
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, grant.tenant());
            insert.setBytes(2, key.digest().bytes());
            insert.setString(3, key.prefix());
            insert.setString(4, grant.label());
            insert.setObject(
                    5, grant.expires().map(end -> end.atOffset(ZoneOffset.UTC)).orElse(null));
            insert.setObject(6, boxed(grant.limits().requestsPerMinute()));
            insert.setObject(7, boxed(grant.limits().concurrentRequests()));
            insert.setObject(8, grant.defaultMode().map(RoutingMode::code).orElse(null));
            return new Issued(first(insert).orElseThrow(), key);
        }
    }

    private static Optional<Entry> first(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(entry(rows)) : Optional.empty();
        }
    }

    private static Entry entry(ResultSet row) throws SQLException {
        int mode = row.getInt("default_mode");
        KeyGrant grant = new KeyGrant(
                row.getString("tenant"),
                row.getString("label"),
                new KeyLimits(limit(row, "requests_per_minute"), limit(row, "concurrent_requests")),
                mode == 0 ? Optional.empty() : Optional.of(RoutingMode.ofCode(mode)),
                instant(row, "expires"));
        return new Entry(
                row.getLong("id"),
                grant,
                row.getString("prefix"),
                instant(row, "created").orElseThrow(),
                instant(row, "revoked"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static OptionalInt limit(ResultSet row, String column) throws SQLException {
        int limit = row.getInt(column);
        return limit == 0 ? OptionalInt.empty() : OptionalInt.of(limit);
    }

    private static @Nullable Integer boxed(OptionalInt limit) {
        return limit.isPresent() ? limit.getAsInt() : null;
    }

    /** One transaction. */
    private <T> T within(Work<T> work) {
        try (Connection connection = JdbcLink.to(database)) {
            connection.setAutoCommit(false);
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } finally {
                // After a commit there is nothing left to undo.
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            String reason = NO_SUCH_TABLE.equals(e.getSQLState())
                    ? "its tables are missing; a router makes them when it starts"
                    : e.getMessage();
            throw new RegisterUnavailable("the register of keys does not answer: " + reason, e);
        }
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }
}
