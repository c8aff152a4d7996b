package openledger.store.key;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import openledger.access.KeyDigest;
import openledger.inference.Timekeeper;
import openledger.store.DatabaseLink;
import openledger.store.DatabaseServers;
import openledger.store.key.StoredKeys.StoredKey;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Watches the keys of the database on a connection of its own: notified of changes by {@code NOTIFY}, and querying every second in any
 * case. A query without an answer within a second ends the connection, which is opened again by itself. So a change is known within two
 * seconds of its commit, or the database is out of reach.
 *
 * <p>Confined to one event loop; only open and close may come from any thread.
 */
final class KeyWatch {
    static final long NEVER_READ = -1;

    private static final Logger LOG = Logger.getLogger(KeyWatch.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LONGEST_QUESTION = Duration.ofSeconds(1);
    /** Reading many keys takes longer than asking whether they have changed. */
    private static final Duration LONGEST_READING = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final String VERSION = "select version from api_key_version";

    private final Vertx vertx;
    private final DatabaseServers database;
    private final Timekeeper time;
    private final Consumer<Seen> listener;
    private final Promise<Void> opened = Promise.promise();
    private volatile @Nullable PgConnection connection;
    private long version = NEVER_READ;
    private boolean asking;
    private boolean askAgain;
    private long nextPoll = -1;
    private boolean troubled;
    private volatile boolean closed;

    KeyWatch(Vertx vertx, DatabaseServers database, Timekeeper time, Consumer<Seen> listener) {
        this.vertx = vertx;
        this.database = database;
        this.time = time;
        this.listener = listener;
    }

    /** What a look has found, and the moment before it was sent. */
    sealed interface Seen permits Unchanged, Changed {}

    /** All is as it was. */
    record Unchanged(long atNanos) implements Seen {}

    /** These are the live keys. */
    record Changed(long version, Map<KeyDigest, StoredKey> keys, long atNanos) implements Seen {}

    /** Begins; completes at the first look. */
    Future<Void> open() {
        vertx.getOrCreateContext().runOnContext(go -> connect());
        return opened.future();
    }

    void close() {
        closed = true;
        PgConnection open = connection;
        if (open != null) {
            open.close();
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        database.connect(vertx, LONGEST_QUESTION).onComplete(result -> {
            if (result.failed()) {
                trouble(result.cause());
                vertx.setTimer(PAUSE.toMillis(), due -> connect());
            } else if (closed) {
                result.result().close();
            } else {
                listen(result.result());
            }
        });
    }

    /** Listens first and looks then, so that no change can fall between the two. */
    private void listen(PgConnection to) {
        connection = to;
        // It may lead to another database than before, which counts its versions by itself.
        version = NEVER_READ;
        to.closeHandler(gone -> lost(to));
        to.notificationHandler(told -> ask(to));
        asking = true;
        guarded(to, LONGEST_QUESTION, to.query("listen openledger_keys").execute())
                .onSuccess(listening -> {
                    asking = false;
                    ask(to);
                });
    }

    private void ask(PgConnection to) {
        if (closed || !isCurrent(to)) {
            return;
        }
        if (asking) {
            askAgain = true;
            return;
        }
        asking = true;
        askAgain = false;
        vertx.cancelTimer(nextPoll);
        long at = time.nanoTime();
        guarded(to, LONGEST_QUESTION, to.preparedQuery(VERSION).execute()).onSuccess(rows -> {
            if (rows.size() == 1 && rows.iterator().next().getLong(0) == version) {
                seen(to, new Unchanged(at));
            } else {
                read(to);
            }
        });
    }

    private void read(PgConnection to) {
        long at = time.nanoTime();
        guarded(to, LONGEST_READING, to.preparedQuery(KeyRows.READ).execute(Tuple.tuple()))
                .onSuccess(rows -> seen(to, KeyRows.changed(rows, at)));
    }

    private void seen(PgConnection to, Seen seen) {
        if (!isCurrent(to)) {
            return;
        }
        if (seen instanceof Changed changed) {
            version = changed.version;
        }
        listener.accept(seen);
        opened.tryComplete();
        if (troubled) {
            troubled = false;
            LOG.info("changes of keys are followed again");
        }
        asking = false;
        if (askAgain) {
            ask(to);
        } else {
            nextPoll = vertx.setTimer(POLL.toMillis(), due -> ask(to));
        }
    }

    /** A question whose failure or lateness ends the connection. */
    private <T> Future<T> guarded(PgConnection to, Duration longest, Future<T> question) {
        long watchdog = vertx.setTimer(longest.toMillis(), late -> DatabaseLink.end(to));
        return question.onComplete(result -> {
            vertx.cancelTimer(watchdog);
            if (result.failed()) {
                trouble(result.cause());
                DatabaseLink.end(to);
                lost(to);
            }
        });
    }

    @SuppressWarnings("ReferenceEquality") // the very connection, not one like it
    private boolean isCurrent(PgConnection to) {
        return connection == to;
    }

    private void lost(PgConnection to) {
        if (isCurrent(to)) {
            connection = null;
            asking = false;
            askAgain = false;
            vertx.setTimer(PAUSE.toMillis(), due -> connect());
        }
    }

    /** Said once an outage. */
    private void trouble(Throwable cause) {
        if (!troubled && !closed) {
            troubled = true;
            LOG.warnf("changes of keys cannot be followed, reason=%s", cause.getMessage());
        }
    }
}
