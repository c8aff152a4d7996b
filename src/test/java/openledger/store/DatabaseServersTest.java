package openledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import openledger.demo.LocalPostgres;
import openledger.support.BlackHole;
import openledger.support.PostgresPair;
import openledger.support.ScratchFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DatabaseServersTest {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();
    private PostgresPair pair;

    @BeforeEach
    void start() throws Exception {
        pair = PostgresPair.start(ScratchFolder.make("servers"));
    }

    @AfterEach
    void close() throws Exception {
        vertx.close();
        pair.close();
    }

    private DatabaseServers servers(LocalPostgres... in) {
        return DatabaseServers.at(
                String.join(
                        ",",
                        List.of(in).stream().map(LocalPostgres::reactiveUrl).toList()),
                Optional.of(LocalPostgres.USER),
                Optional.of(LocalPostgres.PASSWORD));
    }

    private PgConnection connect(DatabaseServers to) {
        return await(to.connect(vertx, LONGEST));
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** The port that it says it listens on. */
    private static int port(PgConnection connection) {
        return await(connection
                .query("select current_setting('port')::int")
                .execute()
                .map(rows -> rows.iterator().next().getInteger(0)));
    }

    private static String name(LocalPostgres server) {
        return "127.0.0.1:" + server.port();
    }

    @Test
    void thePrimaryIsFoundWhereverItStands() {
        for (DatabaseServers servers :
                List.of(servers(pair.first(), pair.second()), servers(pair.second(), pair.first()))) {
            assertThat(port(connect(servers))).isEqualTo(pair.first().port());
            assertThat(servers.primary()).contains(new DatabaseServers.Primary(name(pair.first()), 1, true));
        }
    }

    @Test
    void oneServerIsNotAskedWhatItIs() {
        DatabaseServers servers = servers(pair.second());

        assertThat(port(connect(servers))).isEqualTo(pair.second().port());
        assertThat(servers.primary()).isEmpty();
    }

    @Test
    void theOneThatIsPromotedIsFound() throws Exception {
        DatabaseServers servers = servers(pair.first(), pair.second());
        connect(servers);

        pair.first().kill();
        assertThatThrownBy(() -> connect(servers))
                .hasMessageContaining("no server of the database is its primary")
                .hasMessageContaining(name(pair.second()) + ": it is a standby");
        pair.promote();

        assertThat(port(connect(servers))).isEqualTo(pair.second().port());
        assertThat(servers.primary()).contains(new DatabaseServers.Primary(name(pair.second()), 2, false));
        assertThat(servers.failovers()).isEqualTo(1);
    }

    @Test
    void anOrdinaryEndOfAConnectionSendsNobodyToTheStandby() throws Exception {
        try (BlackHole standby = BlackHole.before(pair.second().port())) {
            DatabaseServers servers = DatabaseServers.at(
                    pair.first().reactiveUrl() + ",postgresql://127.0.0.1:" + standby.port() + "/"
                            + LocalPostgres.DATABASE,
                    Optional.of(LocalPostgres.USER),
                    Optional.of(LocalPostgres.PASSWORD));
            CountDownLatch ended = new CountDownLatch(2);
            PgConnection closed = connect(servers).closeHandler(gone -> ended.countDown());
            connect(servers).closeHandler(gone -> ended.countDown());
            await(closed.close());
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            standby.cut();

            long begun = System.nanoTime();
            assertThat(port(connect(servers))).isEqualTo(pair.first().port());
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST.dividedBy(2));
        }
    }

    @Test
    void whoIsLostIsNotAskedFirstAgain() throws Exception {
        try (BlackHole first = BlackHole.before(pair.first().port())) {
            DatabaseServers servers = DatabaseServers.at(
                    "postgresql://127.0.0.1:" + first.port() + "/" + LocalPostgres.DATABASE + ","
                            + pair.second().reactiveUrl(),
                    Optional.of(LocalPostgres.USER),
                    Optional.of(LocalPostgres.PASSWORD));
            CountDownLatch ended = new CountDownLatch(1);
            PgConnection asked = connect(servers).closeHandler(gone -> ended.countDown());
            first.cut();
            pair.promote();
            var _ = asked.query("select 1").execute();
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();

            long begun = System.nanoTime();
            assertThat(port(connect(servers))).isEqualTo(pair.second().port());
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST.dividedBy(2));
        }
    }

    @Test
    void theFormerPrimaryIsOverOnceItsSuccessorWasSeen() throws Exception {
        DatabaseServers servers = servers(pair.first(), pair.second());
        CountDownLatch ended = new CountDownLatch(1);
        connect(servers).closeHandler(gone -> ended.countDown());
        PgConnection other = connect(servers);
        // It lives on, and nobody has told it.
        pair.promote();

        DatabaseLink.end(other);
        PgConnection next = connect(servers);
        while (port(next) == pair.first().port()) {
            DatabaseLink.end(next);
            next = connect(servers);
        }

        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        pair.second().kill();
        assertThatThrownBy(() -> {
                    connect(servers);
                    connect(servers);
                })
                .hasMessageContaining("no server of the database is its primary");
        DatabaseServers ignorant = servers(pair.first());
        assertThat(port(connect(ignorant))).isEqualTo(pair.first().port());
    }

    @Test
    void whatTheFormerPrimaryTakesIsNotCommitted() throws Exception {
        PgConnection to = connect(servers(pair.first(), pair.second()));
        await(to.query("create table kept (id int)").execute());
        pair.promote();

        Future<?> write = to.query("insert into kept values (1)").execute();

        assertThatThrownBy(() -> write.toCompletionStage().toCompletableFuture().get(2, TimeUnit.SECONDS))
                .isInstanceOf(TimeoutException.class);
    }
}
