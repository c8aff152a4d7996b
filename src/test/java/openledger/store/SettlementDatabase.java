package openledger.store;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import openledger.commitment.evm.Keccak256;
import openledger.demo.LocalPostgres;
import openledger.inference.Catalog.RouteEntry;
import openledger.inference.record.Decision;
import openledger.settlement.TestDecisions;
import openledger.store.catalog.StoredCatalog;
import openledger.store.decision.DecisionProjector;
import openledger.store.decision.Partitions;
import openledger.store.journal.RecentEnds;
import openledger.store.journal.RecordEncoding;
import openledger.store.journal.RecordEncoding.Kind;
import openledger.store.journal.RecordWriter;
import openledger.support.ScratchFolder;
import openledger.unit.LaneId;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** A real database with our tables, and hands to reach into them. */
public final class SettlementDatabase implements AutoCloseable {
    public static final LaneId LANE = new LaneId(TestDecisions.LANE);
    private static final int CONNECTIONS = 6;
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String url;
    private final Closeable server;
    public final Vertx vertx = Vertx.vertx();
    public final Pool pool;

    private SettlementDatabase(String url, Closeable server) {
        this.url = url;
        this.server = server;
        this.pool = PgBuilder.pool()
                .using(vertx)
                .connectingTo(PgConnectOptions.fromUri(url)
                        .setUser(LocalPostgres.USER)
                        .setPassword(LocalPostgres.PASSWORD))
                .with(new PoolOptions().setMaxSize(CONNECTIONS))
                .build();
    }

    /** Where it is, for those who make their own connections. */
    public DatabaseServers servers() {
        return DatabaseServers.at(url, Optional.of(LocalPostgres.USER), Optional.of(LocalPostgres.PASSWORD));
    }

    /** Starts one with partitions for today. */
    public static SettlementDatabase start() {
        try {
            LocalPostgres started =
                    LocalPostgres.start(ScratchFolder.make("settlement").resolve("postgres"), 0);
            Flyway.configure()
                    .dataSource(started.jdbcUrl(), LocalPostgres.USER, LocalPostgres.PASSWORD)
                    .load()
                    .migrate();
            SettlementDatabase database = new SettlementDatabase(started.reactiveUrl(), started::close);
            new Partitions(database.source(), 1, 1).maintain(LocalDate.now(ZoneOffset.UTC));
            return database;
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("the database does not start", e);
        }
    }

    /** One that somebody else has started, at a {@link #url}. */
    public static SettlementDatabase at(String url) {
        return new SettlementDatabase(url, () -> {});
    }

    /** Where it is, for the Vert.x client; with {@code jdbc:} before it also for JDBC. */
    public String url() {
        return url;
    }

    /** Derives the rows of our lane, once it is started. */
    public DecisionProjector projector() {
        return new DecisionProjector(vertx, pool, LANE, () -> 0, new RecentEnds(LANE));
    }

    public DataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:" + url);
        source.setUser(LocalPostgres.USER);
        source.setPassword(LocalPostgres.PASSWORD);
        return source;
    }

    /** Decisions of a lane, in one commit of its journal. */
    public void decide(LaneId lane, long seq, List<Decision> decisions) throws SQLException {
        RecordWriter out = new RecordWriter(1_024);
        decisions.forEach(decision -> {
            RecordEncoding.write(out, decision.id().counter(), decision.intent());
            RecordEncoding.write(out, decision);
        });
        chunk(lane, seq, LocalDate.now(ZoneOffset.UTC), out, 2 * decisions.size());
    }

    /** What it holds of a lane's routes and targets now. */
    public StoredCatalog catalog(LaneId lane) {
        return StoredCatalog.read(pool, lane).await().atMost(PATIENCE);
    }

    /** A policy with route versions 0 and on. */
    public void policy(LaneId lane, int routes) {
        StoredCatalog catalog = catalog(lane);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < routes; i++) {
            String text = "{\"name\":\"route" + i + "\",\"tiers\":[{\"up_to\":3},{\"up_to\":4}]}";
            catalog.registerRoute(text, new RouteEntry("route" + i, List.of("best", "rest")))
                    .await()
                    .atMost(PATIENCE);
            texts.add(text);
        }
        byte[] policy = ("{\"routes\":[" + String.join(",", texts) + "]}").getBytes(StandardCharsets.UTF_8);
        catalog.rememberPolicy(Keccak256.digest(policy), policy).await().atMost(PATIENCE);
    }

    /** What the journal of our lane writes in one commit. */
    public void chunk(long seq, LocalDate day, RecordWriter records, int count) throws SQLException {
        chunk(LANE, seq, day, records, count);
    }

    private void chunk(LaneId lane, long seq, LocalDate day, RecordWriter records, int count) throws SQLException {
        try (Connection connection = connect();
                var insert = connection.prepareStatement(
                        "insert into journal_chunk values (?, ?, ?, gen_random_uuid(), 0, ?, ?, ?)")) {
            insert.setObject(1, day);
            insert.setLong(2, lane.value());
            insert.setLong(3, seq);
            insert.setInt(4, count);
            insert.setBytes(5, records.toArray());
            insert.setInt(6, planned(records.toArray()));
            insert.executeUpdate();
        }
    }

    private static int planned(byte[] records) {
        List<Kind> planned = new ArrayList<>();
        RecordEncoding.scan(records, record -> {
            if (record.kind() == Kind.SNAPSHOT || record.kind() == Kind.PLAN) {
                planned.add(record.kind());
            }
        });
        return planned.size();
    }

    /** Request counters of a batch's leaves, in order. */
    public List<Long> counters(LaneId lane, long sequence) {
        try (Connection connection = connect();
                var select =
                        connection.prepareStatement("select counters from batch where lane = ? and sequence = ?")) {
            select.setLong(1, lane.value());
            select.setLong(2, sequence);
            try (var rows = select.executeQuery()) {
                rows.next();
                ByteBuffer in = ByteBuffer.wrap(rows.getBytes(1));
                List<Long> counters = new ArrayList<>();
                while (in.hasRemaining()) {
                    counters.add(in.getLong());
                }
                return counters;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that a query returns, as text: a row a line. */
    public String text(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> lines = new ArrayList<>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(rows.getString(i));
                }
                lines.add(String.join(", ", values));
            }
            return String.join("\n", lines);
        }
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:" + url, LocalPostgres.USER, LocalPostgres.PASSWORD);
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
            server.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
