package openledger.store.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import openledger.cli.log.CheckpointKey.Signing.SignsNot;
import openledger.cli.log.LaneExport;
import openledger.cli.log.LaneExport.Begin;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.TilePath;
import openledger.settlement.BatchStore.Lease;
import openledger.settlement.CutBatches;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.log.ArchiveUnavailable;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.log.BatchData.Kept;
import openledger.settlement.log.BatchRetention;
import openledger.settlement.log.BatchRetention.Step;
import openledger.settlement.log.LogArchive;
import openledger.settlement.log.MemoryArchive;
import openledger.settlement.receipt.Batches.Leaves;
import openledger.settlement.receipt.Batches.Located;
import openledger.store.LaneDatabase;
import openledger.store.SettlementDatabase;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Old batches leave a real database, and nobody who asks for them notices. Long because all that is asked of batches is. */
final class BatchRetentionTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final ExecutorService WORKERS = Executors.newFixedThreadPool(4);
    private static final LaneId LANE = SettlementDatabase.LANE;
    private static final String FOLDER = LANE.value() + "/";
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final Duration AGE = Duration.ofDays(30);
    private static final Instant LATER = NOON.plus(AGE).plusSeconds(1);
    private static final Step NOTHING_DUE = new Step.NothingDue();

    private final StoredLane lane = new StoredLane(DATABASE.pool, LANE, UUID.randomUUID());
    private final MemoryArchive archive = new MemoryArchive();
    private final ArchivedLog archived = new ArchivedLog(archive, WORKERS);
    private final BatchRetention retention = retention(archived);
    private final CutBatches cut = new CutBatches();

    @AfterAll
    static void stop() {
        WORKERS.shutdown();
        DATABASE.close();
    }

    @BeforeEach
    void fill() throws SQLException {
        DATABASE.execute(
                "truncate snapshot, batch, batch_transaction, batch_level, sequencer_lease, lane_secret, log_tile");
        append(cut.plans(3));
        for (int count : List.of(250, 3, 1, 600, 1_100, 67)) {
            append(cut.outcomes(count));
        }
        finalise();
    }

    @Test
    void answersAreTheSameBeforeAndAfter() throws IOException, SQLException {
        Map<String, String> before = answers(archived);
        export(archive, Begin.WHERE_IT_STOPPED);

        // 3 + 250 + 3 + 1 + 600 + 1,100 + 67 leaves: the last bundle has 232, and the last two batches are in it.
        assertThat(dropAll(retention)).isEqualTo(5);
        assertThat(DATABASE.text("select string_agg(sequence::text, ' ' order by sequence) from batch"
                        + " where leaves is null and records is null"))
                .isEqualTo("1 2 3 4 5");
        assertThat(DATABASE.text("select count(data), count(*) from snapshot")).isEqualTo("0, 3");
        assertThat(bytes())
                .isEqualTo(cut.all().stream()
                        .skip(5)
                        .mapToLong(batch -> batch.leaves().length + batch.records().length)
                        .sum());
        assertThat(answers(archived)).isEqualTo(before);
    }

    @Test
    void theLaneGoesOn() throws IOException, SQLException {
        export(archive, Begin.WHERE_IT_STOPPED);
        dropAll(retention);

        assertThat(get(lane.resume()).log()).isEqualTo(cut.all().getLast().log().edge());
        append(cut.outcomes(900));
        finalise();
        export(archive, Begin.WHERE_IT_STOPPED);
        Map<String, String> before = answers(archived);
        assertThat(dropAll(retention)).isEqualTo(2);
        assertThat(answers(archived)).isEqualTo(before);

        // What the database has no more is checked and copied from the archive.
        MemoryArchive second = new MemoryArchive();
        export(archive, Begin.FIRST_BATCH);
        export(second, Begin.WHERE_IT_STOPPED);
        assertThat(second.objects.keySet()).isSubsetOf(archive.objects.keySet());
        second.objects.forEach(
                (name, there) -> assertThat(archive.at(name)).as(name).isEqualTo(there));
        assertThat(answers(new ArchivedLog(second, WORKERS))).isEqualTo(before);
    }

    @Test
    void whatIsNotOldOrNotFinalStays() throws IOException, SQLException {
        export(archive, Begin.WHERE_IT_STOPPED);

        assertThat(get(retention.step(NOON.plus(AGE)))).isEqualTo(NOTHING_DUE);
        DATABASE.execute("update batch set level = " + ConfirmationLevel.SAFE.code() + " where sequence = 2");
        assertThat(get(retention.step(LATER))).isEqualTo(new Step.Dropped(1));
        assertThat(get(retention.step(LATER))).isEqualTo(NOTHING_DUE);
        get(new StoredBatchData(DATABASE.pool, LANE).drop(2));
        assertThat(DATABASE.text("select count(*) from batch where leaves is null"))
                .isEqualTo("1");
    }

    /** Whoever has not exported, or to somewhere else, loses nothing. */
    @Test
    void whatIsNotInTheArchiveStays() throws IOException {
        assertThat(get(retention(ArchivedLog.NONE).step(LATER)))
                .isInstanceOfSatisfying(
                        Step.NotExported.class,
                        step -> assertThat(step.reason()).contains("openledger.log.archive"));
        assertThat(get(retention.step(LATER)))
                .isInstanceOfSatisfying(
                        Step.NotExported.class,
                        step -> assertThat(step.reason()).contains("not there"));
        export(archive, Begin.WHERE_IT_STOPPED);
        for (String name : List.of("batch/001", "tile/entries/000")) {
            byte[] good = archive.at(FOLDER + name);
            for (byte[] bad : damaged(good, 150)) {
                archive.objects.put(FOLDER + name, bad);
                assertThat(get(retention.step(LATER)))
                        .isInstanceOfSatisfying(
                                Step.NotExported.class,
                                step -> assertThat(step.reason()).contains(name));
            }
            archive.objects.put(FOLDER + name, good);
        }
        LogArchive broken = new LogArchive() {
            @Override
            public Optional<byte[]> read(String name, int most) throws IOException {
                throw new IOException("the disk is gone");
            }

            @Override
            public boolean write(String name, Optional<byte[]> before, byte[] content) {
                return true;
            }
        };
        assertThat(get(retention(new ArchivedLog(broken, WORKERS)).step(LATER)))
                .isInstanceOfSatisfying(
                        Step.NotExported.class,
                        step -> assertThat(step.reason()).contains("the disk is gone"));
        assertThat(get(retention.step(LATER))).isEqualTo(new Step.Dropped(1));
    }

    /** Leaves that the archive and the database agree on, and the log does not know. */
    @Test
    void whatIsNotInTheLogStays() throws IOException, SQLException {
        export(archive, Begin.WHERE_IT_STOPPED);
        DATABASE.execute("update batch set leaves = set_byte(leaves, 7, get_byte(leaves, 7) # 1) where sequence = 1");
        archive.at(FOLDER + "tile/entries/000")[Short.BYTES + 7] ^= 1;

        assertThat(get(retention.step(LATER)))
                .isInstanceOfSatisfying(
                        Step.NotExported.class,
                        step -> assertThat(step.reason()).contains("not the hashes of its tiles"));
    }

    /** A drop that comes while a batch is read has happened before or after. */
    @Test
    @Timeout(60)
    void aBatchIsReadAtOneMoment() throws Exception {
        try (Connection other = DATABASE.connect();
                Statement dropping = other.createStatement()) {
            other.setAutoCommit(false);
            dropping.execute("lock table snapshot in access exclusive mode");
            CompletableFuture<List<Kept>> read =
                    new StoredBatchData(DATABASE.pool, LANE).after(0, 1).subscribeAsCompletionStage();
            while ("0".equals(DATABASE.text("select count(*) from pg_locks where not granted"))) {
                Thread.onSpinWait();
            }
            dropping.execute("update batch set leaves = null, records = null");
            dropping.execute("update snapshot set data = null");
            other.commit();

            Optional<Integer> snapshots =
                    read.get().getFirst().data().map(data -> data.snapshots().size());
            assertThat(snapshots).isIn(Optional.empty(), Optional.of(3));
        }
    }

    /** An archive can withhold what was dropped, and nothing else. */
    @Test
    void whatTheArchiveForgesIsNotServed() throws IOException {
        export(archive, Begin.WHERE_IT_STOPPED);
        dropAll(retention);
        BatchHeader second = cut.all().get(1).header();
        RequestId request = new RequestId(LANE.value(), 2 * CutBatches.COUNTERS);
        byte[] bundle = archive.at(FOLDER + "tile/entries/000");
        byte[] batch = archive.at(FOLDER + "batch/002");
        for (byte[] bad : damaged(bundle, 700)) {
            archive.objects.put(FOLDER + "tile/entries/000", bad);
            StoredBatches batches = batches(new ArchivedLog(archive, WORKERS));
            refuses(batches.leaves(LANE, 2), ArchiveUnavailable.Why.UNREADABLE);
        }
        archive.objects.put(FOLDER + "tile/entries/000", bundle);
        for (byte[] bad : damaged(batch, 700)) {
            archive.objects.put(FOLDER + "batch/002", bad);
            refuses(batches(archived).records(LANE, 2), ArchiveUnavailable.Why.UNREADABLE);
        }
        archive.objects.put(FOLDER + "batch/002", archive.at(FOLDER + "batch/003"));
        refuses(batches(archived).records(LANE, 2), ArchiveUnavailable.Why.UNREADABLE);
        archive.objects.put(FOLDER + "batch/002", batch);

        StoredBatches without = new StoredBatches(DATABASE.pool);
        refuses(without.leaves(LANE, 2), ArchiveUnavailable.Why.NOT_CONFIGURED);
        refuses(without.records(LANE, 2), ArchiveUnavailable.Why.NOT_CONFIGURED);
        refuses(without.snapshot(LANE, 1), ArchiveUnavailable.Why.NOT_CONFIGURED);
        refuses(without.locate(request), ArchiveUnavailable.Why.NOT_CONFIGURED);
        assertThat(get(without.batch(LANE, 2)).orElseThrow().header()).isEqualTo(second);
        assertThat(get(batches(archived).locate(request)).outcome()).isPresent();
    }

    /** A stranger who asks beyond the log does not reach the archive. */
    @Test
    void whatTheLogHasNotIsNotLookedFor() throws IOException {
        export(archive, Begin.WHERE_IT_STOPPED);
        dropAll(retention);
        archive.objects.clear();
        StoredLog log = new StoredLog(DATABASE.pool, LANE, archived);

        assertThat(get(log.leaves(1_792, 256))).isEmpty();
        assertThat(get(log.leaves(1L << 40, 256))).isEmpty();
        assertThat(get(new StoredLog(DATABASE.pool, new LaneId(99), archived).leaves(0, 1)))
                .isEmpty();
        refuses(log.leaves(0, 256), ArchiveUnavailable.Why.UNREADABLE);
    }

    private static <T> void refuses(Uni<T> answer, ArchiveUnavailable.Why why) {
        assertThatThrownBy(() -> get(answer))
                .isInstanceOfSatisfying(
                        ArchiveUnavailable.class, e -> assertThat(e.why()).isEqualTo(why));
    }

    /** One byte of a leaf or a record changed, one too few, one too many, nothing. */
    private static List<byte[]> damaged(byte[] good, int at) {
        byte[] changed = good.clone();
        changed[at] ^= 1;
        return List.of(
                changed,
                java.util.Arrays.copyOf(good, good.length - 1),
                java.util.Arrays.copyOf(good, good.length + 1),
                new byte[0]);
    }

    private static BatchRetention retention(ArchivedLog archive) {
        return new BatchRetention(
                new StoredBatchData(DATABASE.pool, LANE), new StoredLog(DATABASE.pool, LANE), archive, AGE);
    }

    private static StoredBatches batches(ArchivedLog archive) {
        return new StoredBatches(DATABASE.pool, archive);
    }

    private void append(CutBatch batch) {
        Lease lease = get(lane.lease(Duration.ofMinutes(1))).orElseThrow();
        get(lane.append(lease, batch, List.of(Hash32.ZERO), NOON));
    }

    private static void finalise() throws SQLException {
        DATABASE.execute("update batch set level = " + ConfirmationLevel.FINALIZED.code());
    }

    private void export(LogArchive target, Begin begin) throws IOException {
        LaneDatabase database = LaneDatabase.at(DATABASE.vertx, DATABASE.servers());
        new LaneExport(database, target, archive, line -> {}).run(LANE, begin, header -> new SignsNot("not here"));
    }

    private static int dropAll(BatchRetention retention) {
        int dropped = 0;
        while (get(retention.step(LATER)) instanceof Step.Dropped(long sequence)) {
            dropped++;
            assertThat(sequence).isPositive();
        }
        assertThat(get(retention.step(LATER))).isEqualTo(NOTHING_DUE);
        return dropped;
    }

    private static long bytes() throws SQLException {
        return Long.parseLong(
                DATABASE.text(
                        "select (select coalesce(sum(octet_length(leaves)"
                                + " + octet_length(records)), 0) from batch) + (select coalesce(sum(octet_length(data)), 0) from snapshot)"));
    }

    /** All that auditors, clients and monitors can ask for, by what it is. */
    private Map<String, String> answers(ArchivedLog from) {
        Map<String, String> answers = new TreeMap<>();
        StoredBatches batches = batches(from);
        StoredLog log = new StoredLog(DATABASE.pool, LANE, from);
        List<Long> counters = new ArrayList<>(List.of(1L, 2L, 3L));
        for (CutBatch batch : cut.all()) {
            BatchHeader header = batch.header();
            long sequence = header.sequence();
            answers.put(
                    "leaves " + sequence,
                    hex(get(batches.leaves(LANE, sequence)).orElseThrow()));
            answers.put(
                    "records " + sequence,
                    hex(get(batches.records(LANE, sequence)).orElseThrow()));
            answers.put(
                    "snapshots " + sequence,
                    get(batches.snapshots(header)).stream()
                            .map(BatchRetentionTest::hex)
                            .toList()
                            .toString());
            answers.put(
                    "trees " + sequence,
                    get(batches.trees(LANE, header.firstIndex())).toString());
            counters.addAll(batch.counters());
        }
        long size = cut.all().getLast().header().size();
        for (int level = TilePath.ENTRIES; level < 2; level++) {
            for (long index = 0; TilePath.of(level, index, size).isPresent(); index++) {
                TilePath path = TilePath.of(level, index, size).orElseThrow();
                for (int width : List.of(1, path.width() / 2, path.width())) {
                    TilePath part = new TilePath(level, index, Math.max(1, width));
                    answers.put(
                            part.toString(),
                            hex((level == TilePath.ENTRIES
                                            ? get(log.leaves(index * TilePath.FULL, part.width()))
                                            : get(log.tile(part)))
                                    .orElseThrow()));
                }
            }
        }
        answers.put("across", hex(get(log.leaves(100, 256)).orElseThrow()));
        for (int i = 0; i < counters.size(); i += 7) {
            Leaves found = get(batches.locate(new RequestId(LANE.value(), counters.get(i))));
            answers.put("plan of " + counters.get(i), located(found.plan()));
            answers.put("outcome of " + counters.get(i), located(found.outcome()));
        }
        for (long number = 1; number <= 3; number++) {
            var found = get(batches.snapshot(LANE, number)).orElseThrow();
            answers.put(
                    "snapshot " + number,
                    found.batch().header().sequence() + " " + found.index() + " "
                            + new HashedEntries(found.snapshots()).root());
        }
        return answers;
    }

    private static String located(Optional<Located> found) {
        return found.map(leaf -> leaf.batch().header() + hex(leaf.leaf()) + leaf.proof())
                .orElse("none");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(Duration.ofSeconds(20));
    }
}
