package openledger.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import openledger.store.decision.Partitions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Who made what, as all routers of a database know it. */
final class StoredOriginsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();

    private final StoredOrigins one = new StoredOrigins(DATABASE.vertx, DATABASE.pool);
    private final StoredOrigins other = new StoredOrigins(DATABASE.vertx, DATABASE.pool);

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @Test
    void isFoundByAnotherRouter() {
        UUID name = UUID.randomUUID();
        one.keep("tenant", name, "north");
        one.keep("tenant", name, "north");
        one.close().await().atMost(PATIENCE);

        assertThat(find(other, Set.of(name, UUID.randomUUID()))).isEqualTo(Map.of(name, "north"));
    }

    @Test
    void manyAreWritten() {
        Set<UUID> names =
                IntStream.range(0, 5_000).mapToObj(i -> UUID.randomUUID()).collect(Collectors.toSet());
        names.forEach(name -> one.keep("tenant", name, "north"));
        one.close().await().atMost(PATIENCE);

        assertThat(find(other, names)).hasSize(5_000);
    }

    /** What cannot be written is written once it can be. */
    @Test
    void anOutageIsSurvived() throws SQLException {
        UUID name = UUID.randomUUID();
        DATABASE.execute("alter table answer_origin rename to answer_origin_gone");
        one.keep("tenant", name, "east");
        UUID later = UUID.randomUUID();
        one.keep("tenant", later, "east");
        one.close().await().atMost(PATIENCE);
        DATABASE.execute("alter table answer_origin_gone rename to answer_origin");
        one.close().await().atMost(PATIENCE);

        assertThat(find(other, Set.of(name, later))).hasSize(2);
    }

    @Test
    void isDroppedWithTheDecisionsOfItsDay() throws SQLException {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        UUID name = UUID.randomUUID();
        DATABASE.execute("insert into answer_origin (day, name, provider) values ('" + today.minusDays(1) + "', '"
                + name + "', 'north')");
        assertThat(find(other, Set.of(name))).hasSize(1);

        new Partitions(DATABASE.source(), 1, 1).maintain(today.plusDays(1));

        assertThat(find(other, Set.of(name))).isEmpty();
    }

    private static Map<UUID, String> find(StoredOrigins in, Set<UUID> names) {
        return in.find(names).await().atMost(PATIENCE);
    }
}
