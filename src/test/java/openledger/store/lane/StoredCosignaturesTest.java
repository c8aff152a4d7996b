package openledger.store.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.LogHasher;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.identity.NoteSecret;
import openledger.settlement.witness.Cosignatures.Cosigned;
import openledger.settlement.witness.Cosignatures.Extent;
import openledger.store.SettlementDatabase;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cosignatures in a real database: which are found, and which are kept. */
final class StoredCosignaturesTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final LaneId LANE = SettlementDatabase.LANE;
    private static final String ORIGIN = "router.example/1";
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final List<NoteKey> KEYS = Stream.of("b", "a", "c")
            .map(name -> NoteSecret.signer(
                            name + ".example", NoteKey.Kind.COSIGNATURE, "01".repeat(NoteSigner.SEED_BYTES))
                    .key())
            .toList();

    private final StoredCosignatures kept = new StoredCosignatures(DATABASE.pool, LANE, ORIGIN, KEYS, 2);

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate cosignature");
    }

    private static Checkpoint checkpoint(long size) {
        return new Checkpoint(ORIGIN, size, root(size));
    }

    private static Hash32 root(long size) {
        return new LogHasher().entry(new byte[] {(byte) (size >> 8), (byte) size});
    }

    private void keep(long size, Instant at, int... witnesses) {
        for (int witness : witnesses) {
            get(kept.keep(checkpoint(size), KEYS.get(witness), witness + " of " + size, at));
        }
    }

    private static List<Long> sizes() throws SQLException {
        String text = DATABASE.text("select distinct size from cosignature order by size");
        return text.lines().map(Long::parseLong).toList();
    }

    @Test
    void nothingIsKeptOfALogThatNobodyCosigns() {
        assertThat(get(kept.extent())).isEqualTo(new Extent(Map.of(), 0));
        assertThat(get(kept.of(checkpoint(7)))).isEmpty();
        assertThat(get(kept.covering(0))).isEmpty();
    }

    @Test
    void linesComeInTheOrderOfTheWitnesses() {
        keep(7, NOON, 2, 0, 1);

        assertThat(get(kept.of(checkpoint(7)))).containsExactly("0 of 7", "1 of 7", "2 of 7");
        assertThat(get(kept.of(checkpoint(8)))).isEmpty();
        assertThat(get(kept.of(new Checkpoint(ORIGIN, 7, root(9))))).isEmpty();
        assertThat(get(kept.extent()))
                .isEqualTo(new Extent(Map.of(KEYS.get(0), 7L, KEYS.get(1), 7L, KEYS.get(2), 7L), 7));
    }

    @Test
    void aSecondLineOfAWitnessTakesThePlaceOfTheFirst() {
        keep(7, NOON, 0);
        get(kept.keep(checkpoint(7), KEYS.get(0), "again", NOON));

        assertThat(get(kept.of(checkpoint(7)))).containsExactly("again");
    }

    @Test
    void aLeafIsCoveredByTheSmallestCheckpointWithAQuorum() {
        keep(5, NOON, 0, 1);
        keep(9, NOON.plusSeconds(3_600), 0, 2);
        keep(12, NOON.plusSeconds(7_200), 1);

        assertThat(get(kept.covering(0))).contains(new Cosigned(checkpoint(5), List.of("0 of 5", "1 of 5")));
        assertThat(get(kept.covering(4)).orElseThrow().checkpoint()).isEqualTo(checkpoint(5));
        assertThat(get(kept.covering(5))).contains(new Cosigned(checkpoint(9), List.of("0 of 9", "2 of 9")));
        assertThat(get(kept.covering(9))).contains(new Cosigned(checkpoint(12), List.of("1 of 12")));
        assertThat(get(kept.covering(12))).isEmpty();
        assertThat(get(kept.extent()))
                .isEqualTo(new Extent(Map.of(KEYS.get(0), 9L, KEYS.get(1), 12L, KEYS.get(2), 9L), 9));
    }

    @Test
    void withoutAQuorumTheOneWithMostCosignaturesCovers() {
        StoredCosignatures all = new StoredCosignatures(DATABASE.pool, LANE, ORIGIN, KEYS, 3);
        keep(5, NOON, 0);
        keep(9, NOON.plusSeconds(3_600), 0, 1);
        keep(12, NOON.plusSeconds(7_200), 0, 1);

        assertThat(get(all.covering(0)).orElseThrow().checkpoint()).isEqualTo(checkpoint(9));
        assertThat(get(all.covering(9)).orElseThrow().checkpoint()).isEqualTo(checkpoint(12));
        assertThat(get(all.extent()).witnessed()).isZero();
    }

    @Test
    void ofEachHourTheLastCheckpointWithAQuorumStays() throws SQLException {
        // One of ten minutes, in five hours; every third without a quorum.
        LongStream.rangeClosed(1, 30).forEach(size -> {
            Instant at = NOON.plus(Duration.ofMinutes(10 * (size - 1)));
            if (size % 3 == 0) {
                keep(size, at, 0);
            } else {
                keep(size, at, 0, 1);
            }
        });

        // 5, 11, 17, 23 and 29 are the last of their hours with a quorum; 30 is the newest of a witness.
        assertThat(sizes()).containsExactly(5L, 11L, 17L, 23L, 29L, 30L);
        assertThat(get(kept.covering(0)).orElseThrow().checkpoint().size()).isEqualTo(5);
        assertThat(get(kept.covering(28)).orElseThrow().checkpoint().size()).isEqualTo(29);
    }

    @Test
    void whatNeverGetsAQuorumDoesNotPileUp() throws SQLException {
        LongStream.rangeClosed(1, 100).forEach(size -> keep(size, NOON.plusMillis(200 * size), 0));

        assertThat(sizes()).containsExactly(100L);
    }

    /** Years of an hour each are not walked through for the next one. */
    @Test
    void keepingOneDoesNotReadAll() throws SQLException {
        String witnesses = KEYS.stream().map(key -> "'" + key + "'").collect(Collectors.joining(",", "array[", "]"));
        DATABASE.execute("insert into cosignature select " + LANE.value() + ", '" + ORIGIN + "', size, witness,"
                + " sha256('x'), 'line', timestamptz '" + NOON + "' - (20001 - size) * interval '1 hour'"
                + " from generate_series(1, 20000) as size, unnest(" + witnesses + ") as witness; analyze cosignature");
        StringBuilder plan = new StringBuilder();
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("prepare trim (bigint, text, text[], bigint, timestamptz) as " + StoredCosignatures.TRIM);
            try (ResultSet rows = statement.executeQuery("explain (analyze, costs off, timing off) execute trim ("
                    + LANE.value() + ", '" + ORIGIN + "', " + witnesses + ", 2, '" + NOON + "')")) {
                while (rows.next()) {
                    plan.append(rows.getString(1)).append('\n');
                }
            }
        }

        List<Long> read = Pattern.compile("(?:actual rows=|Rows Removed by [A-Za-z ]+: )([0-9]+)")
                .matcher(plan)
                .results()
                .map(found -> Long.parseLong(found.group(1)))
                .toList();
        assertThat(read).as(plan.toString()).isNotEmpty().allMatch(rows -> rows < 100);
        assertThat(get(kept.extent()).sizes().values()).containsExactly(20_000L, 20_000L, 20_000L);
    }

    @Test
    void whoIsNotConfiguredAnyMoreDoesNotCount() {
        keep(7, NOON, 0, 1, 2);
        StoredCosignatures fewer = new StoredCosignatures(DATABASE.pool, LANE, ORIGIN, KEYS.subList(2, 3), 1);
        NoteKey sameName = NoteSecret.signer("c.example", NoteKey.Kind.COSIGNATURE, "02".repeat(NoteSigner.SEED_BYTES))
                .key();
        StoredCosignatures changed = new StoredCosignatures(DATABASE.pool, LANE, ORIGIN, List.of(sameName), 1);

        assertThat(get(fewer.of(checkpoint(7)))).containsExactly("2 of 7");
        assertThat(get(fewer.extent()).sizes()).containsOnlyKeys(KEYS.get(2));
        assertThat(get(changed.covering(0))).isEmpty();
    }

    @Test
    void aLogUnderAnotherNameAndAnotherLaneAreOthers() {
        keep(7, NOON, 0, 1);

        assertThat(get(new StoredCosignatures(DATABASE.pool, LANE, "other", KEYS, 2).covering(0)))
                .isEmpty();
        assertThat(get(new StoredCosignatures(DATABASE.pool, new LaneId(99), ORIGIN, KEYS, 2).covering(0)))
                .isEmpty();
    }

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(Duration.ofSeconds(20));
    }
}
