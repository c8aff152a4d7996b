package openledger.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import openledger.inference.record.RecordsUnavailable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A question whose connection is lost has no answer, which is no bug of whoever asked; an answer that is an error stays one. */
final class BoundedQueryTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLostConnectionIsNoAnswer(boolean byLibrary) throws InterruptedException {
        String sql = "select pg_sleep(20), '" + (byLibrary ? "by library" : "plain") + "'";
        Uni<RowSet<Row>> question = BoundedQuery.rows(DATABASE.pool, sql, Tuple.tuple());
        CompletableFuture<RowSet<Row>> answer =
                (byLibrary ? BoundedQuery.of(question) : question).subscribeAsCompletionStage();

        assertThatThrownBy(() -> endUntilAnswered(answer, byLibrary ? "by library" : "plain"))
                .hasCauseInstanceOf(RecordsUnavailable.class);
    }

    @Test
    void anErrorIsAnAnswer() {
        Uni<RowSet<Row>> question = BoundedQuery.rows(DATABASE.pool, "select 1 / 0", Tuple.tuple());

        assertThatThrownBy(() -> question.await().atMost(PATIENCE)).isInstanceOf(PgException.class);
    }

    private static void endUntilAnswered(CompletableFuture<?> answer, String marked) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!answer.isDone() && System.nanoTime() < until) {
            end(marked);
            Thread.sleep(20);
        }
        answer.get();
    }

    private static void end(String marked) throws SQLException {
        DATABASE.execute("select pg_terminate_backend(pid) from pg_stat_activity where query like '%" + marked
                + "%' and pid <> pg_backend_pid()");
    }
}
