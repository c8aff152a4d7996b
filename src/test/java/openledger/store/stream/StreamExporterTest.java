package openledger.store.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.inference.Catalog;
import openledger.inference.record.Decision;
import openledger.settlement.TestDecisions;
import openledger.store.SettlementDatabase;
import openledger.store.decision.Partitions;
import openledger.store.journal.RecordEncoding;
import openledger.store.journal.RecordWriter;
import openledger.store.lane.LaneHold;
import openledger.store.stream.StreamExporter.Pace;
import openledger.stream.StreamCursor;
import openledger.stream.StreamRecord;
import openledger.stream.TenantNames;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is streamed of a journal, and that it is streamed once. Long because a journal and what fails have to be made. */
final class StreamExporterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final LaneId LANE = SettlementDatabase.LANE;
    private static final Catalog NAMELESS = keys -> Uni.createFrom().item(new Catalog.Names(Map.of()));

    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private final Random random = new Random(21);
    private final FakeStream stream = new FakeStream();
    private final List<StreamExporters> all = new ArrayList<>();
    private final LaneHold hold = new LaneHold(LANE);
    private long renewing;

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate journal_chunk, projection, stream_cursor, batch cascade");
        hold.taken(1, System.nanoTime());
        renewing = DATABASE.vertx.setPeriodic(300, tick -> hold.confirmed(System.nanoTime()));
    }

    @AfterEach
    void end() {
        all.forEach(StreamExporters::stop);
        DATABASE.vertx.cancelTimer(renewing);
    }

    @Test
    void everyDecisionIsStreamedOnceWhateverFails() throws SQLException {
        long counter = 0;
        for (int seq = 1; seq <= 30; seq++) {
            counter = write(seq, counter, seq == 11 ? 2_700 : random.nextInt(0, 40));
        }
        stream.failing(20);
        StreamExporters first = exporters(TenantNames.NAMES);
        StreamExporter exporter = first.start(hold, Pace.BEHIND_TRAFFIC);
        await(() -> stream.keys().size() > 600);
        first.stop(exporter);
        exporters(TenantNames.NAMES).start(hold, Pace.BEHIND_TRAFFIC);
        for (int seq = 31; seq <= 60 || stream.unanswered() < 3; seq++) {
            counter = write(seq, counter, random.nextInt(0, 40));
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        long last = counter;
        await(() -> stream.keys().size() >= last);
        stream.failing(0);
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());

        List<String> wanted = new ArrayList<>();
        for (long i = 1; i <= last; i++) {
            wanted.add(new RequestId(LANE.value(), i).toString());
        }
        assertThat(stream.keys()).containsExactlyElementsOf(wanted);
    }

    /** Half of a large commit is streamed, and the other half from there on. */
    @Test
    void aLargeCommitIsStreamedInParts() throws SQLException {
        write(1, 0, 2_500);
        StreamExporters exporters = exporters(TenantNames.NAMES);
        exporters.start(hold, Pace.BEHIND_TRAFFIC);
        await(() -> stream.keys().size() == 2_500 && exporters.behindSeconds() == 0);

        assertThat(stream.writes()).isEqualTo(3);
        assertThat(stream.cursor(LANE).orElseThrow().chunk()).isEqualTo(2);
        assertThat(exporters.counts().decisions()).isEqualTo(2_500);
        assertThat(exporters.isHealthy()).isTrue();
    }

    @Test
    void theDatabaseKnowsHowFarItIsAndNoFurther() throws SQLException {
        DATABASE.execute("insert into stream_cursor values (" + LANE.value() + ", 99)");
        write(1, 0, 3);
        stream.away(true);
        StreamExporters exporters = exporters(TenantNames.NAMES);
        exporters.start(hold, Pace.BEHIND_TRAFFIC);
        await(() -> exporters.counts().failures() > 0);
        assertThat(exporters.isHealthy()).isFalse();
        assertThat(DATABASE.text("select chunk from stream_cursor")).isEqualTo("99");
        stream.away(false);
        await(() -> stream.keys().size() == 3);
        awaitText("select chunk from stream_cursor", "2");
    }

    @Test
    void aStreamOfAnotherDatabaseIsLeftAlone() throws SQLException {
        write(1, 0, 3);
        stream.cursor(LANE, StreamCursor.start(UUID.randomUUID()));
        StreamExporters exporters = exporters(TenantNames.NAMES);
        StreamExporter exporter = exporters.start(hold, Pace.BEHIND_TRAFFIC);
        await(() -> exporters.counts().failures() > 0);

        assertThat(exporter.trouble()).hasValueSatisfying(why -> assertThat(why).contains("another database"));
        assertThat(exporters.behindSeconds()).isPositive();
        assertThat(stream.keys()).isEmpty();
    }

    @Test
    void aStreamThatIsFurtherThanTheJournalIsLeftAlone() throws SQLException {
        write(1, 0, 3);
        stream.cursor(LANE, new StreamCursor(7, 0, 0, source()));
        StreamExporters exporters = exporters(TenantNames.NAMES);
        StreamExporter exporter = exporters.start(hold, Pace.BEHIND_TRAFFIC);
        await(() -> exporters.counts().failures() > 0);

        assertThat(exporter.trouble()).hasValueSatisfying(why -> assertThat(why).contains("restored"));
        assertThat(stream.keys()).isEmpty();
    }

    @Test
    void whatTheJournalHasDroppedIsSaid() throws SQLException {
        stream.cursor(LANE, new StreamCursor(4, 3, 0, source()));
        write(9, 90, 2);
        StreamExporters exporters = exporters(TenantNames.NAMES);
        exporters.start(hold, Pace.BEHIND_TRAFFIC);
        await(() -> stream.keys().size() == 3);

        StreamRecord gap = stream.records().getFirst();
        assertThat(gap.key()).isEqualTo("gap-7-4");
        assertThat(text(gap)).startsWith("{\"record\":\"gap\",\"lane\":7,\"from_chunk\":4,\"to_chunk\":8,\"at\":\"");
        assertThat(exporters.counts().lostChunks()).isEqualTo(5);
    }

    /** A cursor that has passed no decision is written as well, or the journal would wait for it. */
    @Test
    void aLaneThatIsFinishedIsNoted() throws SQLException {
        write(1, 0, 1);
        RecordWriter marks = new RecordWriter(256);
        RecordEncoding.write(marks, 2, TestDecisions.decision(random, 2).intent());
        DATABASE.chunk(2, today, marks, 1);
        long since = System.nanoTime();
        StreamExporters exporters = exporters(TenantNames.NAMES);
        StreamExporter exporter = exporters.start(hold, Pace.AT_ONCE);
        await(() -> exporter.isPast(since));

        awaitText("select chunk from stream_cursor", "3");
        assertThat(stream.cursor(LANE).orElseThrow().chunk()).isEqualTo(3);
    }

    @Test
    void nothingIsStreamedOfALaneThatIsNotHeld() throws SQLException {
        write(1, 0, 3);
        hold.lost();
        StreamExporters exporters = exporters(TenantNames.NAMES);
        exporters.start(hold, Pace.BEHIND_TRAFFIC);
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
        assertThat(stream.keys()).isEmpty();
        assertThat(exporters.behindSeconds()).isPositive();

        hold.taken(2, System.nanoTime());
        await(() -> stream.keys().size() == 3);
    }

    @Test
    void levelsAreStreamedInTheOrderInWhichTheyWereReached() throws SQLException {
        batch(1);
        level(1, ConfirmationLevel.RECORDED);
        level(1, ConfirmationLevel.SEQUENCED);
        StreamExporters exporters = exporters(TenantNames.NAMES);
        exporters.start(hold, Pace.BEHIND_TRAFFIC);
        await(() -> stream.keys().size() == 2);
        batch(2);
        level(2, ConfirmationLevel.RECORDED);
        level(1, ConfirmationLevel.FINALIZED);
        await(() -> stream.keys().size() == 4);

        assertThat(stream.keys()).containsExactly("7-1", "7-1", "7-2", "7-1");
        assertThat(stream.records())
                .extracting(StreamExporterTest::text)
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"level\":\"RECORDED\"", "\"first_counter\":1,"),
                        second -> assertThat(second).contains("\"level\":\"SEQUENCED\"", "\"block_number\":12"),
                        third -> assertThat(third).contains("\"sequence\":2"),
                        fourth -> assertThat(fourth).contains("\"level\":\"FINALIZED\""));
    }

    @Test
    void tenantsAreTagsIfTheyAreToBe() throws SQLException {
        write(1, 0, 40);
        exporters(TenantNames.TAGS).start(hold, Pace.BEHIND_TRAFFIC);
        await(() -> stream.keys().size() == 40);

        assertThat(stream.records())
                .allSatisfy(record -> assertThat(text(record))
                        .doesNotContain("tenant-")
                        .containsPattern("\"tenant\":\"[0-9a-f]{32}\""));
    }

    /** A day of the journal stays until all of it is in the stream, but not for ever. */
    @Test
    void theJournalWaitsForTheStream() throws SQLException {
        LocalDate old = today.minusDays(3);
        partitions(Duration.ofDays(1)).maintain(old);
        write(1, 0, 3, old);
        DATABASE.execute("insert into projection (lane, seq, low_water, last_counter) values (7, 1, 2, 3)");
        partitions(Duration.ofDays(9)).maintain(today);
        assertThat(DATABASE.text("select count(*) from journal_chunk")).isEqualTo("1");
        exporters(TenantNames.NAMES).start(hold, Pace.BEHIND_TRAFFIC);
        awaitText("select chunk from stream_cursor", "2");
        partitions(Duration.ofDays(9)).maintain(today);
        assertThat(DATABASE.text("select count(*) from journal_chunk")).isEqualTo("0");

        stream.away(true);
        partitions(Duration.ofDays(9)).maintain(old);
        DATABASE.execute("truncate stream_cursor");
        write(2, 3, 3, old);
        DATABASE.execute("update projection set seq = 2, low_water = 3");
        partitions(Duration.ofDays(9)).maintain(today);
        assertThat(DATABASE.text("select count(*) from journal_chunk")).isEqualTo("1");
        partitions(Duration.ofDays(1)).maintain(today);
        assertThat(DATABASE.text("select count(*) from journal_chunk")).isEqualTo("0");
    }

    private static Partitions partitions(Duration longestLag) {
        return new Partitions(DATABASE.source(), 1, 1).streamed(longestLag);
    }

    private StreamExporters exporters(TenantNames tenants) {
        StreamExporters made = new StreamExporters(DATABASE.vertx, DATABASE.pool, NAMELESS, tenants, stream);
        all.add(made);
        return made;
    }

    private long write(long seq, long counter, int decisions) throws SQLException {
        return write(seq, counter, decisions, today);
    }

    private long write(long seq, long counter, int decisions, LocalDate day) throws SQLException {
        RecordWriter out = new RecordWriter(1_024);
        long last = counter;
        for (int i = 0; i < decisions; i++) {
            Decision decision = TestDecisions.decision(random, ++last);
            RecordEncoding.write(out, decision.id().counter(), decision.intent());
            RecordEncoding.write(out, decision);
        }
        DATABASE.chunk(seq, day, out, 2 * decisions);
        return last;
    }

    private static void batch(long sequence) throws SQLException {
        BatchHeader header = new BatchHeader(
                1,
                Address.parse("0x" + "ab".repeat(20)),
                LANE,
                sequence,
                Hash32.ZERO,
                Hash32.ZERO,
                1,
                0,
                Hash32.ZERO,
                1,
                9,
                9,
                9,
                9,
                9,
                Hash32.ZERO,
                Hash32.ZERO,
                1,
                2);
        String hex = java.util.HexFormat.of().formatHex(header.encode());
        DATABASE.execute("insert into batch (lane, sequence, head, header, last_snapshot, counters, counter_groups,"
                + " policies, end_chunk, end_record, plan_chunk, plan_record, log_size, ended, cut_at, level, level_at) values (7, "
                + sequence + ", decode('" + "00".repeat(32) + "', 'hex'), decode('" + hex
                + "', 'hex'), 0, '', '{}', '', 1, 0, 1, 0, " + 9 * sequence + ", '', now(), 0, now())");
    }

    private static void level(long sequence, ConfirmationLevel level) throws SQLException {
        DATABASE.execute("insert into batch_level (lane, sequence, level, at, block_number, block_hash) values (7, "
                + sequence + ", " + level.code() + ", now(), 12, decode('" + "cd".repeat(32) + "', 'hex'))");
    }

    private static UUID source() throws SQLException {
        return UUID.fromString(DATABASE.text("select id from stream_source"));
    }

    private static String text(StreamRecord record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    private static void awaitText(String sql, String wanted) {
        await(() -> {
            try {
                return wanted.equals(DATABASE.text(sql));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
