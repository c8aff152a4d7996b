package openledger.store;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import openledger.settlement.TestDecisions;
import openledger.stack.LocalPostgres;
import openledger.unit.LaneId;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** A real database with our tables, and hands to reach into them. */
public final class SettlementDatabase implements AutoCloseable {
    public static final LaneId LANE = new LaneId(TestDecisions.LANE);
    private static final int CONNECTIONS = 6;

    private final LocalPostgres postgres;
    public final Vertx vertx = Vertx.vertx();
    public final Pool pool;

    private SettlementDatabase(LocalPostgres postgres) {
        this.postgres = postgres;
        this.pool = PgBuilder.pool()
                .using(vertx)
                .connectingTo(PgConnectOptions.fromUri(postgres.reactiveUrl())
                        .setUser(LocalPostgres.USER)
                        .setPassword(LocalPostgres.PASSWORD))
                .with(new PoolOptions().setMaxSize(CONNECTIONS))
                .build();
    }

    /** Starts one with partitions for today. */
    public static SettlementDatabase start() {
        try {
            LocalPostgres started = LocalPostgres.start(
                    Files.createTempDirectory("openledger-settlement").resolve("postgres"), 0);
            Flyway.configure()
                    .dataSource(started.jdbcUrl(), LocalPostgres.USER, LocalPostgres.PASSWORD)
                    .load()
                    .migrate();
            SettlementDatabase database = new SettlementDatabase(started);
            new Partitions(database.source(), 1, 1).maintain(LocalDate.now(ZoneOffset.UTC));
            return database;
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("the database does not start", e);
        }
    }

    DataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(postgres.jdbcUrl());
        source.setUser(LocalPostgres.USER);
        source.setPassword(LocalPostgres.PASSWORD);
        return source;
    }

    /** What the journal writes in one commit. */
    void chunk(long seq, LocalDate day, RecordWriter records, int count) throws SQLException {
        try (Connection connection = connect();
                var insert = connection.prepareStatement(
                        "insert into journal_chunk values (?, ?, ?, gen_random_uuid(), 0, ?, ?)")) {
            insert.setObject(1, day);
            insert.setLong(2, LANE.value());
            insert.setLong(3, seq);
            insert.setInt(4, count);
            insert.setBytes(5, records.toArray());
            insert.executeUpdate();
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), LocalPostgres.USER, LocalPostgres.PASSWORD);
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        try {
            vertx.close();
            postgres.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
