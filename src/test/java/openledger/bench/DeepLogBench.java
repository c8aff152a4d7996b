package openledger.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import openledger.commitment.log.LogHasher;
import openledger.demo.LocalPostgres;
import openledger.settlement.receipt.Batches.Located;
import openledger.store.lane.StoredBatches;
import openledger.support.ScratchFolder;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.flywaydb.core.Flyway;

/**
 * {@code scripts/tools -- scripts/stack bench.DeepLogBench}: what a receipt reads of a log of ten million leaves, and how long that takes,
 * after the log was filled and after PostgreSQL was killed and started again. Each proof is checked. Needs 4 GB of disk for some minutes.
 */
final class DeepLogBench {
    private static final long LEAVES = 10_000_000;
    private static final long QUICK_LEAVES = 120_000;
    private static final int RECEIPTS = 2_000;
    private static final int WARM_UP = 200;
    private static final double MOST_MILLIS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final LaneId LANE = new LaneId(7);
    /** Not all of the newest have ended. */
    private static final double ENDED = 0.97;

    private final long leaves = BenchPace.isQuick() ? QUICK_LEAVES : LEAVES;
    private final Random random = new Random(2);
    private final LogHasher hasher = new LogHasher();
    private final ObjectNode report = JsonNodeFactory.instance.objectNode();

    private DeepLogBench() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        System.exit(new DeepLogBench().run() ? 0 : 1);
    }

    private boolean run() throws IOException, SQLException {
        BenchStack.machine(report);
        try (LocalPostgres postgres =
                LocalPostgres.start(ScratchFolder.make("deep").resolve("postgres"), 0)) {
            Flyway.configure()
                    .dataSource(postgres.jdbcUrl(), LocalPostgres.USER, LocalPostgres.PASSWORD)
                    .load()
                    .migrate();
            say("Filling a log of " + leaves + " leaves ...");
            long since = System.nanoTime();
            try (Connection database = postgres.connect();
                    Statement statement = database.createStatement()) {
                new DeepLog(LANE).fill(database, leaves);
                // As autovacuum leaves it.
                statement.execute("vacuum (analyze) batch, batch_level, batch_transaction, log_tile");
                try (ResultSet size = statement.executeQuery("select pg_database_size(current_database()) >> 20")) {
                    size.next();
                    report.put("database_mb", size.getLong(1));
                    say(String.format(
                            Locale.ROOT,
                            "  filled in %.0f s; the database has %d MB",
                            (System.nanoTime() - since) / 1e9,
                            size.getLong(1)));
                }
            }
            boolean isWarmGood = measure(postgres, "after it was filled", "warm");
            postgres.kill();
            postgres.startAgain();
            boolean isColdGood = measure(postgres, "after PostgreSQL was killed", "after_restart");
            BenchStack.write("deep-log", report);
            return isWarmGood && isColdGood;
        }
    }

    private boolean measure(LocalPostgres postgres, String when, String name) throws SQLException {
        Vertx vertx = Vertx.vertx();
        Pool pool = PgBuilder.pool()
                .using(vertx)
                .connectingTo(PgConnectOptions.fromUri(postgres.reactiveUrl())
                        .setUser(LocalPostgres.USER)
                        .setPassword(LocalPostgres.PASSWORD)
                        .setCachePreparedStatements(true))
                .with(new PoolOptions().setMaxSize(4))
                .build();
        try {
            StoredBatches batches = new StoredBatches(pool);
            double[] millis = new double[RECEIPTS];
            // After a restart nothing is warmed up but this process.
            for (int i = "warm".equals(name) ? -WARM_UP : 0; i < RECEIPTS; i++) {
                RequestId id = new RequestId(LANE.value(), 1 + random.nextLong((long) (leaves * ENDED)));
                long start = System.nanoTime();
                Optional<Located> outcome =
                        batches.locate(id).await().atMost(PATIENCE).outcome();
                double took = (System.nanoTime() - start) / 1e6;
                check(id, outcome);
                if (i >= 0) {
                    millis[i] = took;
                }
            }
            return tell(millis, when, name);
        } finally {
            pool.close().toCompletionStage().toCompletableFuture().join();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private void check(RequestId id, Optional<Located> found) {
        Optional<Hash32> root = found.flatMap(leaf -> leaf.proof().root(hasher.entry(leaf.leaf())));
        if (root.isEmpty()
                || !root.equals(found.map(leaf -> leaf.batch().header().root()))) {
            throw new IllegalStateException("no proof of request " + id);
        }
    }

    private boolean tell(double[] millis, String when, String name) {
        Arrays.sort(millis);
        double p50 = millis[millis.length / 2];
        double p99 = millis[millis.length * 99 / 100];
        say(String.format(
                Locale.ROOT,
                "%d receipts of %d leaves, %s: p50 %.2f ms, p99 %.2f ms (target <= %.0f ms: %s), longest %.1f ms",
                millis.length,
                leaves,
                when,
                p50,
                p99,
                MOST_MILLIS,
                BenchStack.verdict(p99 <= MOST_MILLIS),
                millis[millis.length - 1]));
        report.putObject(name).put("p50_ms", p50).put("p99_ms", p99).put("longest_ms", millis[millis.length - 1]);
        return p99 <= MOST_MILLIS;
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
