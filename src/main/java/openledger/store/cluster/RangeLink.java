package openledger.store.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import openledger.store.DatabaseLink;
import openledger.store.DatabaseServers;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A connection on which changes of the map are heard; it comes back by itself. Confined to one event loop. */
final class RangeLink {
    static final Duration LONGEST_QUESTION = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(RangeLink.class);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Vertx vertx;
    private final DatabaseServers database;
    private final Runnable news;
    private @Nullable PgConnection connection;
    private boolean troubled;
    private boolean closed;

    /**
     * A link that is not open yet.
     *
     * @param news called when the map has changed, and once each time that the database is in reach again
     */
    RangeLink(Vertx vertx, DatabaseServers database, Runnable news) {
        this.vertx = vertx;
        this.database = database;
        this.news = news;
    }

    void open() {
        if (closed) {
            return;
        }
        database.connect(vertx, LONGEST_QUESTION).onComplete(result -> {
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
        to.notificationHandler(told -> news.run());
        bounded(to, to.query("listen " + RangeStatements.CHANNEL).execute()).onSuccess(listening -> news.run());
    }

    /** A question; one that fails, or has no answer within a second, ends the connection. */
    Future<RowSet<Row>> ask(String sql, Tuple values) {
        PgConnection to = connection;
        return to == null
                ? Future.failedFuture("the database is out of reach")
                : bounded(to, to.preparedQuery(sql).execute(values));
    }

    private Future<RowSet<Row>> bounded(PgConnection to, Future<RowSet<Row>> question) {
        return question.timeout(LONGEST_QUESTION.toMillis(), TimeUnit.MILLISECONDS)
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
            LOG.warnf("the map of ranges cannot be followed, reason=%s", cause.getMessage());
        }
    }

    /** All is well. */
    void followed() {
        if (troubled && connection != null) {
            troubled = false;
            LOG.info("the map of ranges is followed again");
        }
    }
}
