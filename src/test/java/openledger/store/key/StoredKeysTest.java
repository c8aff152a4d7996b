package openledger.store.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import openledger.access.ApiKey;
import openledger.access.Caller;
import openledger.access.KeyGrant;
import openledger.access.KeyLimits;
import openledger.access.KeyRegister.Filter;
import openledger.access.KeyRegister.Issued;
import openledger.access.KeyRegister.RegisterUnavailable;
import openledger.demo.LocalPostgres;
import openledger.inference.Timekeeper;
import openledger.routing.RoutingMode;
import openledger.store.DatabaseServers;
import openledger.support.ScratchFolder;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys in a real database, as two routers see them. Long because one database serves all its tests. */
final class StoredKeysTest {
    private static final Duration MAX_STALENESS = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final LocalPostgres POSTGRES = startDatabase();
    private static final Vertx VERTX = Vertx.vertx();
    private final OffsetTime time = new OffsetTime();
    private final List<StoredKeys> replicas = new ArrayList<>();
    private final StoredKeyRegister register = StoredKeyRegister.at(
            VERTX,
            DatabaseServers.at(
                    POSTGRES.reactiveUrl(), Optional.of(LocalPostgres.USER), Optional.of(LocalPostgres.PASSWORD)),
            new SecureRandom());

    private static LocalPostgres startDatabase() {
        try {
            LocalPostgres started =
                    LocalPostgres.start(ScratchFolder.make("keys").resolve("postgres"), 0);
            Flyway.configure()
                    .dataSource(started.jdbcUrl(), LocalPostgres.USER, LocalPostgres.PASSWORD)
                    .load()
                    .migrate();
            return started;
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("the database does not start", e);
        }
    }

    @AfterAll
    static void stopDatabase() throws IOException {
        VERTX.close();
        POSTGRES.close();
    }

    @BeforeEach
    void open() {
        for (int i = 0; i < 2; i++) {
            StoredKeys replica = new StoredKeys(
                    VERTX,
                    DatabaseServers.at(
                            POSTGRES.reactiveUrl(),
                            Optional.of(LocalPostgres.USER),
                            Optional.of(LocalPostgres.PASSWORD)),
                    time,
                    MAX_STALENESS);
            replica.open().await().atMost(PATIENCE);
            replicas.add(replica);
        }
    }

    @AfterEach
    void close() {
        replicas.forEach(StoredKeys::close);
    }

    @Test
    void everyReplicaKnowsANewKeyAndForgetsARevokedOne() throws InterruptedException {
        KeyLimits limits = new KeyLimits(OptionalInt.of(60), OptionalInt.empty(), OptionalInt.of(90_000));
        Issued issued = now(
                register.create(new KeyGrant("acme", "ci", limits, Optional.of(RoutingMode.FAST), Optional.empty())));
        await(() -> known(issued.key()) == 2);
        assertThat(replicas.getFirst().byDigest(issued.key().digest()))
                .contains(
                        new Caller("acme", Long.toString(issued.entry().id()), limits, Optional.of(RoutingMode.FAST)));

        now(register.revoke(issued.entry().id()));

        await(() -> known(issued.key()) == 0);
    }

    @Test
    void aChangeIsSeenEvenIfNobodyIsTold() throws InterruptedException, SQLException {
        Issued issued = now(register.create(grant("acme")));
        await(() -> known(issued.key()) == 2);

        execute("alter table api_key disable trigger api_key_changed;"
                + "update api_key set revoked = now() where id = "
                + issued.entry().id() + ";"
                + "update api_key_version set version = version + 1;"
                + "alter table api_key enable trigger api_key_changed");

        await(() -> known(issued.key()) == 0);
    }

    @Test
    void aReplicaWhoseConnectionIsCutComesBack() throws InterruptedException, SQLException {
        Issued issued = now(register.create(grant("acme")));
        await(() -> known(issued.key()) == 2);
        execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                + " and backend_type = 'client backend'");

        // The register's connection is cut as well; its next one is good.
        await(() -> isRevoked(issued.entry().id()));

        await(() -> known(issued.key()) == 0);
    }

    @Test
    void withoutTheDatabaseKeysAreGoodForMaxStalenessAndNoLonger()
            throws IOException, InterruptedException, SQLException {
        Issued issued = now(register.create(grant("acme")));
        await(() -> known(issued.key()) == 2);
        POSTGRES.kill();

        assertThat(known(issued.key())).isEqualTo(2);
        assertThatThrownBy(() -> now(register.create(grant("acme")))).isInstanceOf(RegisterUnavailable.class);
        time.advance(MAX_STALENESS);
        assertThat(known(issued.key())).isZero();
        assertThat(replicas.getFirst().isFresh()).isFalse();

        POSTGRES.startAgain();
        await(() -> known(issued.key()) == 2);
    }

    @Test
    void aKeyEndsWhenItExpires() throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofMinutes(2));
        Issued issued =
                now(register.create(new KeyGrant("acme", "", KeyLimits.NONE, Optional.empty(), Optional.of(end))));
        await(() -> known(issued.key()) == 2);

        time.advance(Duration.ofMinutes(2));

        assertThat(known(issued.key())).isZero();
        assertThat(replicas.getFirst().isFresh()).isTrue();
    }

    @Test
    void aRotatedKeyLivesOnForItsGraceBesideItsSuccessor() throws InterruptedException {
        Issued old = now(register.create(grant("acme")));

        Issued next =
                now(register.rotate(old.entry().id(), Duration.ofMinutes(2))).orElseThrow();
        await(() -> known(next.key()) == 2);

        assertThat(known(old.key())).isEqualTo(2);
        assertThat(next.entry().grant()).isEqualTo(old.entry().grant());
        time.advance(Duration.ofMinutes(2));
        assertThat(known(old.key())).isZero();
        assertThat(known(next.key())).isEqualTo(2);
    }

    @Test
    void aKeyThatHasEndedIsNotRotatedAndItsEndStays() {
        Issued issued = now(register.create(grant("acme")));
        Instant ended = now(register.revoke(issued.entry().id()))
                .orElseThrow()
                .revoked()
                .orElseThrow();

        assertThat(now(register.rotate(issued.entry().id(), Duration.ofDays(1))))
                .isEmpty();
        assertThat(now(register.revoke(issued.entry().id())).orElseThrow().revoked())
                .contains(ended);
        assertThat(now(register.revoke(Long.MAX_VALUE))).isEmpty();
    }

    @Test
    void listsInPagesNewestFirst() {
        List<Long> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(now(register.create(grant("paged"))).entry().id());
            now(register.create(grant("another")));
        }

        List<Long> listed = new ArrayList<>();
        Optional<Long> next = Optional.of(Long.MAX_VALUE);
        while (next.isPresent()) {
            var page = now(register.list(new Filter(Optional.of("paged"), next.get(), 2)));
            page.entries().forEach(entry -> listed.add(entry.id()));
            next = page.next();
        }

        assertThat(listed).isEqualTo(made);
    }

    @Test
    void keepsNoKey() throws SQLException {
        Issued issued = now(register.create(grant("acme")));

        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("select k::text from api_key k where id = "
                        + issued.entry().id())) {
            row.next();
            assertThat(row.getString(1))
                    .contains(issued.key().digest().hex())
                    .doesNotContain(issued.key().text().substring(20));
        }
        assertThat(issued.toString()).doesNotContain(issued.key().text().substring(20));
    }

    private boolean isRevoked(long id) {
        try {
            return now(register.revoke(id)).isPresent();
        } catch (RegisterUnavailable cut) {
            return false;
        }
    }

    private static <T> T now(Uni<T> answer) {
        return answer.await().atMost(PATIENCE);
    }

    private static KeyGrant grant(String tenant) {
        return new KeyGrant(tenant, "", KeyLimits.NONE, Optional.empty(), Optional.empty());
    }

    private long known(ApiKey key) {
        return replicas.stream()
                .filter(replica -> replica.byDigest(key.digest()).isPresent())
                .count();
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(POSTGRES.jdbcUrl(), LocalPostgres.USER, LocalPostgres.PASSWORD);
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("it did not come about within " + PATIENCE);
            }
            Thread.sleep(10);
        }
    }

    /** The machine's clock, and what a test adds to it. */
    private static final class OffsetTime implements Timekeeper {
        private final AtomicLong offset = new AtomicLong();

        void advance(Duration by) {
            offset.addAndGet(by.toNanos());
        }

        @Override
        public long nanoTime() {
            return System.nanoTime() + offset.get();
        }

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }
}
