package openledger.http.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.inference.record.Decisions;
import openledger.store.catalog.StoredNames;
import openledger.store.decision.StoredDecisions;
import openledger.store.journal.GroupCommitJournal;
import openledger.unit.RequestId;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A record is found although its row is written, and the journal's mark moved past it, while it is being looked up. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class DerivedMeanwhileTest {
    private static final String DERIVED = "select from decision where lane = ? and counter = ?";

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    Pool pool;

    @Inject
    StoredNames names;

    @Inject
    GroupCommitJournal journal;

    @Inject
    DataSource jdbc;

    @Inject
    Vertx vertx;

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    /** Several, because the first of a router may take so long that its row is there at once. */
    @Test
    void findsTheRowThatWasNotThereAtFirst() {
        for (int i = 0; i < 5; i++) {
            RequestId id = RequestId.parse(
                            ChatApi.chat(ChatApi.body("assistant", false)).header("openledger-request"))
                    .orElseThrow();
            Decisions slow = new StoredDecisions(sessions, vertx, untilDerived(id), names, journal.ends());

            assertThat(onEventLoop(slow.find(id, "test"))).isPresent();
            assertThat(onEventLoop(slow.find(id, "other"))).isEmpty();
        }
    }

    /** The pool, but the journal is asked only after the row of that request is derived. */
    private Pool untilDerived(RequestId id) {
        return standIn(
                Pool.class,
                (proxy, method, sql) -> standIn(
                        PreparedQuery.class,
                        (query, execute, values) -> vertx.executeBlocking(() -> awaitRow(id))
                                .compose(derived ->
                                        pool.preparedQuery((String) sql[0]).execute((Tuple) values[0]))));
    }

    private static <T> T standIn(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private @Nullable Void awaitRow(RequestId id) throws SQLException, InterruptedException {
        try (Connection connection = jdbc.getConnection();
                PreparedStatement row = connection.prepareStatement(DERIVED)) {
            row.setLong(1, id.lane());
            row.setLong(2, id.counter());
            ChatApi.await(() -> isThere(row));
        }
        return null;
    }

    private static boolean isThere(PreparedStatement query) {
        try (ResultSet rows = query.executeQuery()) {
            return rows.next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<Decisions.Found> onEventLoop(Uni<Optional<Decisions.Found>> asked) {
        CompletableFuture<Optional<Decisions.Found>> answer = new CompletableFuture<>();
        Context own = Objects.requireNonNull(VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext()));
        VertxContextSafetyToggle.setContextSafe(own, true);
        own.runOnContext(go -> asked.subscribe().with(answer::complete, answer::completeExceptionally));
        return answer.join();
    }
}
