package openledger.store.journal;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import openledger.store.DatabaseLink;
import openledger.store.DatabaseServers;
import openledger.store.lane.LaneHold;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The journal's own connection: takes the lane, keeps it, writes chunks, and comes back by itself. A chunk whose fate is unknown
 * is written again under the same key, so that it lands once. Every write asks for the fence of our {@link LaneHold}: if another
 * router has taken the lane nothing is written, and nothing ever again.
 *
 * <p>The advisory lock is taken as well, for routers that know nothing of leases. It counts at the start only: later it may be
 * held by a dead session of our own. Long because a connection's life is read here, in one place. Confined to one event loop,
 * but for {@link #hold}.
 */
final class JournalConnection {
    private static final Logger LOG = Logger.getLogger(JournalConnection.class);
    private static final String INSERT = "with held as (" + LaneHold.HELD + ")"
            + " insert into journal_chunk (day, lane, seq, writer, last_counter, records, planned, data)"
            + " select $4::date, $1, $5::bigint, $2, $6::bigint, $7::int, $8::int, $9::bytea from held"
            + " on conflict do nothing";
    private static final String WRITER = "select writer from journal_chunk where lane = $1 and seq = $2 and day = $3";
    private static final String LOCK = "select pg_try_advisory_lock($1)";
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(5);
    /** Between two questions whether the lane is still ours. */
    private static final long LOOK_MILLIS = 200;
    /** More questions that are not answered say nothing new. */
    private static final int MOST_LOOKS = 10;

    private final Vertx vertx;
    private final DatabaseServers database;
    private final LaneHold hold;
    private final Listener listener;
    private @Nullable PgConnection connection;
    private @Nullable Pending pending;
    private long looking;
    private int looks;
    private String trouble = "";
    private boolean over;

    JournalConnection(Vertx vertx, DatabaseServers database, LaneHold hold, Listener listener) {
        this.vertx = vertx;
        this.database = database;
        this.hold = hold;
        this.listener = listener;
    }

    /** Who wants to know how the lane stands. Told on the event loop of the connection. */
    interface Listener {
        /** The lane has been taken; told once. */
        void taken();

        /** It is another router's, so far. */
        void waits();

        /** The database is out of reach, so far. */
        void unreachable();

        /** Another router has taken it, which nothing can mend. */
        void lost();
    }

    /** A chunk under its key. */
    record Chunk(LocalDate day, long seq, JournalBuffer.Batch batch) {}

    /** What is to be written, however often it takes. */
    private record Pending(Chunk chunk, Runnable done) {}

    /** Connects and takes the lane, trying again for as long as it takes. */
    void open() {
        looking = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
        connect(FIRST_PAUSE_MILLIS);
    }

    /** Gives the lane back, if it can be reached, and ends; completes in any case. */
    Future<Void> close() {
        over = true;
        vertx.cancelTimer(looking);
        PgConnection open = connection;
        connection = null;
        return open == null
                ? Future.succeededFuture()
                : ask(open, LaneHold.RELEASE, hold.values()).transform(released -> {
                    DatabaseLink.end(open);
                    return Future.succeededFuture();
                });
    }

    /** Writes a chunk, one at a time, for as long as it takes; {@code done} is called once it is durable. */
    void write(Chunk chunk, Runnable done) {
        pending = new Pending(chunk, done);
        send();
    }

    @SuppressWarnings("ReferenceEquality") // the very chunk
    private void send() {
        PgConnection to = connection;
        Pending what = pending;
        if (to == null || what == null) {
            return;
        }
        Chunk chunk = what.chunk;
        Tuple row = hold.values()
                .addValue(chunk.day)
                .addLong(chunk.seq)
                .addLong(chunk.batch.lastCounter())
                .addInteger(chunk.batch.records())
                .addInteger(chunk.batch.planned())
                .addBuffer(Buffer.buffer(chunk.batch.data()));
        ask(to, INSERT, row).onComplete(result -> {
            if (result.failed()) {
                broken(to, result.cause());
            } else if (pending == what && result.result().rowCount() == 1) {
                landed(what);
            } else if (pending == what) {
                verify(to, what);
            }
        });
    }

    private void landed(Pending what) {
        pending = null;
        what.done.run();
    }

    /** Nothing was written: an earlier try had landed after all, or the lane is not ours any more. */
    @SuppressWarnings("ReferenceEquality") // the very chunk
    private void verify(PgConnection to, Pending what) {
        Tuple key = Tuple.of(hold.lane().value(), what.chunk.seq, what.chunk.day);
        ask(to, WRITER, key).onComplete(result -> {
            if (result.failed()) {
                broken(to, result.cause());
            } else if (pending == what) {
                RowSet<Row> found = result.result();
                if (found.size() == 1 && hold.isHolder(found.iterator().next().getUUID(0))) {
                    landed(what);
                } else {
                    lost(to);
                }
            }
        });
    }

    /** Asks whether the lane is still ours, and renews the lease from time to time. */
    private void look() {
        PgConnection to = connection;
        if (to == null || looks >= MOST_LOOKS) {
            return;
        }
        long sent = System.nanoTime();
        boolean renews = hold.isToBeRenewed(sent);
        if (renews) {
            hold.renewing(sent);
        }
        looks++;
        ask(to, renews ? LaneHold.RENEW : LaneHold.LOOK, renews ? hold.renewal() : hold.values())
                .onComplete(result -> {
                    looks--;
                    if (result.failed()) {
                        broken(to, result.cause());
                    } else if (result.result().size() == 1) {
                        hold.confirmed(sent);
                    } else if (renews) {
                        lost(to);
                    }
                });
    }

    private void connect(long pauseMillis) {
        if (over) {
            return;
        }
        database.connect(vertx, STATEMENT_TIMEOUT).onComplete(result -> {
            if (result.failed()) {
                again(pauseMillis, result.cause());
            } else {
                lock(result.result(), pauseMillis);
            }
        });
    }

    /** A server that has gone may leave a question without an answer for hours. */
    private static Future<RowSet<Row>> ask(PgConnection of, String sql, Tuple values) {
        return of.preparedQuery(sql).execute(values).timeout(STATEMENT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lock(PgConnection to, long pauseMillis) {
        ask(to, LOCK, Tuple.of(hold.lane().value())).onComplete(result -> {
            if (result.failed()) {
                DatabaseLink.end(to);
                again(pauseMillis, result.cause());
            } else if (hold.isTaken() || result.result().iterator().next().getBoolean(0)) {
                take(to, pauseMillis);
            } else {
                waits(to, pauseMillis);
            }
        });
    }

    private void take(PgConnection to, long pauseMillis) {
        boolean again = hold.isTaken();
        long sent = System.nanoTime();
        ask(to, again ? LaneHold.RENEW : LaneHold.TAKE, again ? hold.renewal() : hold.candidate())
                .onComplete(result -> {
                    if (result.failed()) {
                        DatabaseLink.end(to);
                        again(pauseMillis, result.cause());
                    } else if (result.result().size() == 1) {
                        hold.taken(result.result().iterator().next().getLong(0), sent);
                        ready(to);
                    } else if (again) {
                        lost(to);
                    } else {
                        waits(to, pauseMillis);
                    }
                });
    }

    private void waits(PgConnection to, long pauseMillis) {
        DatabaseLink.end(to);
        listener.waits();
        say("another router holds the lane, or held it seconds ago");
        later(pauseMillis);
    }

    private void ready(PgConnection to) {
        if (over) {
            DatabaseLink.end(to);
            return;
        }
        connection = to;
        hold.kept();
        to.closeHandler(gone -> broken(to, new IllegalStateException("the connection was closed")));
        if (!trouble.isEmpty()) {
            trouble = "";
            LOG.infof("journal is writing, lane=%d fence=%d", hold.lane().value(), hold.fence());
        }
        listener.taken();
        send();
    }

    /** The connection is of no use any more; another is made at once. */
    @SuppressWarnings("ReferenceEquality") // the very connection, not one like it
    private void broken(PgConnection to, Throwable cause) {
        if (connection == to) {
            connection = null;
            DatabaseLink.end(to);
            say(cause.getMessage());
            connect(FIRST_PAUSE_MILLIS);
        }
    }

    private void lost(PgConnection to) {
        if (!over) {
            over = true;
            connection = null;
            hold.lost();
            LOG.errorf("another router has taken the lane, lane=%d", hold.lane().value());
            listener.lost();
        }
        DatabaseLink.end(to);
    }

    private void again(long pauseMillis, Throwable cause) {
        listener.unreachable();
        say(cause.getMessage());
        later(pauseMillis);
    }

    private void later(long pauseMillis) {
        vertx.setTimer(pauseMillis, due -> connect(Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2)));
    }

    /** Said once for each cause, not once a try. */
    private void say(@Nullable String cause) {
        String reason = String.valueOf(cause);
        if (!over && !reason.equals(trouble)) {
            trouble = reason;
            LOG.warnf("journal cannot write, lane=%d reason=%s", hold.lane().value(), reason);
        }
    }
}
