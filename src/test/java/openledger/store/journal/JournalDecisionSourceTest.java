package openledger.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import openledger.commitment.evm.Keccak256;
import openledger.inference.Catalog.RouteEntry;
import openledger.inference.record.Decision;
import openledger.settlement.TestDecisions;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.JournalOffset;
import openledger.settlement.ledger.LedgerCall.RouteBudget;
import openledger.store.SettlementDatabase;
import openledger.store.catalog.StoredCatalog;
import openledger.store.catalog.StoredRoutePolicies;
import openledger.store.decision.Partitions;
import openledger.unit.Hash32;
import openledger.unit.RouteId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What settlement reads of the journal, of policies, and what it keeps from being dropped. */
final class JournalDecisionSourceTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private final JournalDecisionSource source =
            new JournalDecisionSource(DATABASE.vertx, DATABASE.pool, SettlementDatabase.LANE);
    private final Random random = new Random(4);

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate journal_chunk, policy_version, catalog_entry, batch cascade");
    }

    @Test
    void readsEveryDecisionOnceWhereverReadingIsInterrupted() throws SQLException {
        long counter = 0;
        for (int seq = 1; seq <= 40; seq++) {
            int decisions = seq % 7 == 0 ? 0 : random.nextInt(1, 30);
            RecordWriter out = new RecordWriter(1_024);
            int records = 0;
            for (int i = 0; i < decisions; i++) {
                Decision decision = TestDecisions.decision(random, ++counter);
                RecordEncoding.write(out, decision.id().counter(), decision.intent());
                RecordEncoding.write(out, decision);
                records += 2;
            }
            RecordEncoding.write(
                    out,
                    9_000 + seq,
                    TestDecisions.decision(random, 9_000 + seq).intent());
            DATABASE.chunk(seq, today, out, records + 1);
        }

        for (int atMost : List.of(1, 3, 17, 1_200)) {
            List<Long> read = new ArrayList<>();
            JournalOffset place = JournalOffset.START;
            List<Placed> next = get(source.after(place, atMost));
            while (!next.isEmpty()) {
                assertThat(next).hasSizeLessThanOrEqualTo(atMost);
                next.forEach(placed -> read.add(placed.decision().id().counter()));
                place = next.getLast().behind();
                next = get(source.after(place, atMost));
            }
            assertThat(read)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, counter).boxed().toList());
        }
        assertThat(get(source.countAfter(JournalOffset.START))).isBetween(counter, counter + 40);
    }

    @Test
    void findsDecisionsBehindAnyNumberOfIntents() throws SQLException {
        for (int seq = 1; seq <= 1_100; seq++) {
            RecordWriter out = new RecordWriter(256);
            RecordEncoding.write(out, seq, TestDecisions.decision(random, seq).intent());
            DATABASE.chunk(seq, today, out, 1);
        }
        RecordWriter out = new RecordWriter(256);
        RecordEncoding.write(out, TestDecisions.decision(random, 1));
        DATABASE.chunk(1_101, today, out, 1);

        List<Placed> found = get(source.after(JournalOffset.START, 10));

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().behind()).isEqualTo(new JournalOffset(1_102, 0));
        assertThat(get(source.after(found.getFirst().behind(), 10))).isEmpty();
    }

    @Test
    void namesPoliciesThatHaveARouteThoseOfEarlierStartsIncluded() throws SQLException {
        StoredCatalog catalog = DATABASE.catalog(SettlementDatabase.LANE);
        RouteId one = route(catalog, "chat", 3);
        RouteId two = route(catalog, "draft", 5);
        Hash32 old = policy(catalog, text("chat", 3), text("draft", 5));
        DATABASE.execute("update policy_version set first_seen = first_seen - interval '1 day'");
        RouteId three = route(catalog, "chat", 4);
        Hash32 now = policy(catalog, text("chat", 4), text("draft", 5));

        StoredRoutePolicies policies = new StoredRoutePolicies(DATABASE.pool, SettlementDatabase.LANE);

        assertThat(get(policies.covering(Set.of(two, three)))).containsExactly(now);
        assertThat(get(policies.covering(Set.of(two)))).containsExactly(now);
        assertThat(get(policies.covering(Set.of(one)))).containsExactly(old);
        assertThat(get(policies.covering(Set.of(one, three)))).containsExactly(old, now);
        assertThat(get(policies.covering(Set.of(new RouteId(77))))).containsExactly(now);
        assertThat(get(policies.byHash(old)).orElseThrow().routes())
                .containsExactly(new RouteBudget(one, List.of(3, 4)), new RouteBudget(two, List.of(5, 6)));
        assertThat(get(policies.byHash(Hash32.ZERO))).isEmpty();
    }

    private static RouteId route(StoredCatalog catalog, String name, int attempts) {
        return get(catalog.registerRoute(text(name, attempts), new RouteEntry(name, List.of("best", "rest"))));
    }

    private static String text(String name, int attempts) {
        return "{\"name\":\"" + name + "\",\"tiers\":[{\"up_to\":" + attempts + "},{\"up_to\":" + (attempts + 1)
                + "}]}";
    }

    private static Hash32 policy(StoredCatalog catalog, String... routes) {
        byte[] text =
                ("{\"version\":1,\"routes\":[" + String.join(",", routes) + "]}").getBytes(StandardCharsets.UTF_8);
        byte[] hash = Keccak256.digest(text);
        get(catalog.rememberPolicy(hash, text));
        return Hash32.of(hash);
    }

    @Test
    void aPartitionStaysUntilItsDecisionsAreInABatch() throws SQLException {
        LocalDate day = today.minusDays(1);
        RecordWriter out = new RecordWriter(256);
        RecordEncoding.write(out, TestDecisions.decision(random, 1));
        DATABASE.chunk(1, day, out, 1);
        DATABASE.execute("insert into projection values (7, 1, 2, 1) on conflict (lane) do update set low_water = 2");
        Partitions settling = new Partitions(DATABASE.source(), 1, 1, Partitions.Settlement.ON);

        settling.maintain(today.plusDays(2));
        assertThat(partitions()).contains("journal_chunk_" + day.toString().replace("-", ""));

        DATABASE.execute(
                "insert into batch (lane, sequence, head, header, last_snapshot, counters, counter_groups, leaves,"
                        + " records, policies, end_chunk, end_record, cut_at, level, level_at, log_size, ended) values (7, 1,"
                        + " decode(repeat('00', 32), 'hex'), decode(repeat('00', 640), 'hex'), 0, '', '{}', '', '', '', 2, 0, now(), 0,"
                        + " now(), 1, '')");
        settling.maintain(today.plusDays(2));
        assertThat(partitions())
                .doesNotContain("journal_chunk_" + day.toString().replace("-", ""));
        new Partitions(DATABASE.source(), 1, 1).maintain(today);
    }

    private static List<String> partitions() throws SQLException {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select inhrelid::regclass::text from pg_inherits"
                        + " where inhparent = 'journal_chunk'::regclass")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(Duration.ofSeconds(20));
    }
}
