package openledger.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import openledger.inference.record.RecordsUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * Queries the database, and fails a query without an answer in time: a connection can die without either side noticing. The statement may
 * have been executed nevertheless.
 *
 * <p>The connection is closed before that, after {@link DatabaseLink#LONGEST_SILENCE}, so that the pool loses none to the dead: this
 * bound is for the wait for a connection as well.
 */
public final class BoundedQuery {
    private static final Duration LONGEST = DatabaseLink.LONGEST_SILENCE.multipliedBy(2);

    private BoundedQuery() {}

    /** The rows of one statement. */
    public static Uni<RowSet<Row>> rows(Pool pool, String sql, Tuple values) {
        return of(() -> pool.preparedQuery(sql).execute(values));
    }

    /**
     * The same bound for what asks the pool by way of a library. Who asks may leave; the question is asked to its end, since a session
     * that is closed between a statement and its answer fails where nobody hears it.
     */
    public static <T> Uni<T> of(Uni<T> question) {
        return Uni.createFrom()
                .<T>emitter(to -> question.subscribe().with(to::complete, to::fail))
                .ifNoItem()
                .after(LONGEST)
                .fail()
                .onFailure(BoundedQuery::isUnanswered)
                .transform(RecordsUnavailable::new);
    }

    /** Whatever is asked. */
    public static <T> Uni<T> of(Supplier<Future<T>> question) {
        return Uni.createFrom()
                .completionStage(() -> question.get()
                        .timeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                        .toCompletionStage())
                .onFailure(BoundedQuery::isUnanswered)
                .transform(RecordsUnavailable::new);
    }

    /** The question had no answer, be it a good one or an error of its own. */
    static boolean isUnanswered(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean isLost = cause instanceof ClosedConnectionException
                    || cause instanceof IOException
                    || cause instanceof TimeoutException
                    || cause instanceof io.smallrye.mutiny.TimeoutException
                    || (cause instanceof PgException refusal && isOfServer(refusal.getSqlState()));
            if (isLost) {
                return true;
            }
        }
        return false;
    }

    /** Connection exceptions, too few resources, and the server's own stop (PostgreSQL, appendix A). */
    private static boolean isOfServer(@Nullable String state) {
        return state != null && (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P"));
    }
}
