package openledger.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.LocalDate;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import openledger.unit.LaneId;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The journal's own connection: holds the lane's advisory lock, writes chunks, and comes back by itself. A chunk whose
 * fate is unknown is written again under the same key, so that it lands once; a row of another writer under our key
 * means that two routers share a lane, which nothing can mend. Confined to one event loop.
 */
final class JournalConnection {
    private static final Logger LOG = Logger.getLogger(JournalConnection.class);
    private static final String INSERT =
            "insert into journal_chunk (day, lane, seq, writer, last_counter, records, planned, data)"
                    + " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
    private static final String WRITER = "select writer from journal_chunk where lane = $1 and seq = $2 and day = $3";
    private static final String LOCK = "select pg_try_advisory_lock($1)";
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final PgConnectOptions options;
    private final LaneId lane;
    private final UUID writer = UUID.randomUUID();
    private final Runnable laneTaken;
    private @Nullable PgConnection connection;
    private boolean troubled;
    private boolean closed;

    JournalConnection(Vertx vertx, PgConnectOptions options, LaneId lane, Runnable laneTaken) {
        this.vertx = vertx;
        this.options = options;
        this.lane = lane;
        this.laneTaken = laneTaken;
    }

    /** A chunk under its key. */
    record Chunk(LocalDate day, long seq, JournalBuffer.Batch batch) {}

    /** Connects and takes the lane, trying again for as long as it takes. */
    void open(Runnable opened) {
        connect(FIRST_PAUSE_MILLIS, opened);
    }

    void close() {
        closed = true;
        if (connection != null) {
            connection.close();
        }
    }

    /** Writes a chunk, trying again for as long as it takes; {@code done} is called once it is durable. */
    void write(Chunk chunk, Runnable done) {
        PgConnection to = connection;
        if (to == null) {
            connect(FIRST_PAUSE_MILLIS, () -> write(chunk, done));
            return;
        }
        Tuple row = Tuple.tuple()
                .addValue(chunk.day)
                .addLong(lane.value())
                .addLong(chunk.seq)
                .addUUID(writer)
                .addLong(chunk.batch.lastCounter())
                .addInteger(chunk.batch.records())
                .addInteger(chunk.batch.planned())
                .addBuffer(Buffer.buffer(chunk.batch.data()));
        ask(to, INSERT, row).onComplete(result -> {
            if (result.failed()) {
                trouble(result.cause());
                drop(to);
                connect(FIRST_PAUSE_MILLIS, () -> write(chunk, done));
            } else if (result.result().rowCount() == 1) {
                done.run();
            } else {
                verify(to, chunk, done);
            }
        });
    }

    /** The key was taken: by us, if an earlier try had landed after all. */
    private void verify(PgConnection to, Chunk chunk, Runnable done) {
        ask(to, WRITER, Tuple.of(lane.value(), chunk.seq, chunk.day)).onComplete(result -> {
            if (result.failed()) {
                trouble(result.cause());
                drop(to);
                connect(FIRST_PAUSE_MILLIS, () -> write(chunk, done));
            } else if (writer.equals(result.result().iterator().next().getUUID(0))) {
                done.run();
            } else {
                LOG.errorf("journal lane is written by another router, lane=%d seq=%d", lane.value(), chunk.seq);
                laneTaken.run();
            }
        });
    }

    private void connect(long pauseMillis, Runnable next) {
        if (closed) {
            return;
        }
        Future<PgConnection> connecting = PgConnection.connect(vertx, options);
        connecting.timeout(STATEMENT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).onComplete(result -> {
            if (result.failed()) {
                // One that comes after all is not waited for any more.
                connecting.onSuccess(PgConnection::close);
                trouble(result.cause());
                later(pauseMillis, next);
            } else {
                lock(result.result(), pauseMillis, next);
            }
        });
    }

    /** A server that has gone may leave a question without an answer for hours. */
    private static Future<RowSet<Row>> ask(PgConnection of, String sql, Tuple values) {
        return of.preparedQuery(sql).execute(values).timeout(STATEMENT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lock(PgConnection to, long pauseMillis, Runnable next) {
        ask(to, LOCK, Tuple.of(lane.value())).onComplete(result -> {
            if (result.failed()) {
                trouble(result.cause());
                to.close();
                later(pauseMillis, next);
            } else if (!result.result().iterator().next().getBoolean(0)) {
                trouble(new IllegalStateException("another router holds the lane"));
                to.close();
                later(pauseMillis, next);
            } else {
                ready(to, next);
            }
        });
    }

    private void ready(PgConnection to, Runnable next) {
        connection = to;
        to.closeHandler(gone -> drop(to));
        if (troubled) {
            troubled = false;
            LOG.infof("journal writes again, lane=%d", lane.value());
        }
        next.run();
    }

    @SuppressWarnings("ReferenceEquality") // the very connection, not one like it
    private void drop(PgConnection to) {
        if (connection == to) {
            connection = null;
            to.close();
        }
    }

    private void later(long pauseMillis, Runnable next) {
        vertx.setTimer(pauseMillis, due -> connect(Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2), next));
    }

    /** Said once an outage, not once a try. */
    private void trouble(Throwable cause) {
        if (!troubled && !closed) {
            troubled = true;
            LOG.warnf("journal cannot write, lane=%d reason=%s", lane.value(), cause.getMessage());
        }
    }

    boolean isConnected() {
        return connection != null;
    }
}
