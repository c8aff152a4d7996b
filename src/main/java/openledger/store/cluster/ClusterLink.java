package openledger.store.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import openledger.store.DatabaseLink;
import openledger.store.DatabaseServers;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A connection for one purpose, on which a channel may be heard; it comes back by itself. Confined to one event loop. */
final class ClusterLink {
    private static final Logger LOG = Logger.getLogger(ClusterLink.class);
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Vertx vertx;
    private final DatabaseServers database;
    private final Purpose purpose;
    private final Runnable opened;
    private final Consumer<String> told;
    private @Nullable PgConnection connection;
    private boolean troubled;
    private boolean closed;

    /**
     * A link that is not open yet.
     *
     * @param opened called each time that the database is in reach again
     * @param told called with what is said on the channel
     */
    ClusterLink(Vertx vertx, DatabaseServers database, Purpose purpose, Runnable opened, Consumer<String> told) {
        this.vertx = vertx;
        this.database = database;
        this.purpose = purpose;
        this.opened = opened;
        this.told = told;
    }

    /**
     * What a link is for.
     *
     * @param channel that is heard; empty for none
     * @param longest how long an answer may take
     * @param lost what the log says when the database is out of reach
     * @param back what it says when it is in reach again
     */
    record Purpose(String channel, Duration longest, String lost, String back) {}

    void open() {
        if (closed) {
            return;
        }
        database.connect(vertx, LONGEST_CONNECT).onComplete(result -> {
            if (result.failed()) {
                trouble(result.cause());
                vertx.setTimer(PAUSE.toMillis(), due -> open());
            } else if (closed) {
                DatabaseLink.end(result.result());
            } else {
                listen(result.result());
            }
        });
    }

    void close() {
        closed = true;
        PgConnection open = connection;
        connection = null;
        if (open != null) {
            DatabaseLink.end(open);
        }
    }

    /** Listens first and is asked then, so that no change can fall between the two. */
    private void listen(PgConnection to) {
        connection = to;
        to.closeHandler(gone -> lost(to));
        to.notificationHandler(said -> told.accept(said.getPayload()));
        String first = purpose.channel().isEmpty() ? "select 1" : "listen " + purpose.channel();
        bounded(to, to.query(first).execute()).onSuccess(listening -> opened.run());
    }

    /** A question; one that fails, or has no answer in time, ends the connection. */
    Future<RowSet<Row>> ask(String sql, Tuple values) {
        PgConnection to = connection;
        return to == null
                ? Future.failedFuture("the database is out of reach")
                : bounded(to, to.preparedQuery(sql).execute(values));
    }

    private Future<RowSet<Row>> bounded(PgConnection to, Future<RowSet<Row>> question) {
        return question.timeout(purpose.longest().toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(why -> {
                    trouble(why);
                    DatabaseLink.end(to);
                    lost(to);
                });
    }

    boolean isOpen() {
        return connection != null;
    }

    @SuppressWarnings("ReferenceEquality") // the very connection, not one like it
    private void lost(PgConnection of) {
        if (connection == of) {
            connection = null;
            vertx.setTimer(PAUSE.toMillis(), due -> open());
        }
    }

    /** Said once an outage. */
    void trouble(Throwable cause) {
        if (!troubled && !closed) {
            troubled = true;
            LOG.warnf("%s, reason=%s", purpose.lost(), cause.getMessage());
        }
    }

    /** All is well. */
    void followed() {
        if (troubled && connection != null) {
            troubled = false;
            LOG.info(purpose.back());
        }
    }
}
