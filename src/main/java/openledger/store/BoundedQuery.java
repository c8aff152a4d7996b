package openledger.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks the database, and fails whoever has had no answer in time: a connection can die without either side being told. What was asked may
 * have been done all the same.
 */
final class BoundedQuery {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private BoundedQuery() {}

    /** The rows of one statement. */
    static Uni<RowSet<Row>> rows(Pool pool, String sql, Tuple values) {
        return of(() -> pool.preparedQuery(sql).execute(values));
    }

    /** Whatever is asked. */
    static <T> Uni<T> of(Supplier<Future<T>> question) {
        return Uni.createFrom()
                .completionStage(() -> question.get()
                        .timeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                        .toCompletionStage());
    }
}
