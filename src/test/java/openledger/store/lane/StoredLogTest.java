package openledger.store.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import openledger.commitment.LeafBytes;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.TilePath;
import openledger.commitment.log.TiledLog;
import openledger.settlement.BatchStore.Lease;
import openledger.settlement.TestDecisions;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.BatchInput;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.log.LogReads.Head;
import openledger.store.SettlementDatabase;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lane's log in a real database, as readers see it: tiles, and leaves that stand in batches. */
final class StoredLogTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final LaneId LANE = SettlementDatabase.LANE;
    private static final Hash32 POLICY = Hash32.ZERO;
    private static final BatchAssembly ASSEMBLY = new BatchAssembly(
            901, Address.parse("0x" + "22".repeat(20)), LANE, new LaneSecret(new byte[LaneSecret.BYTES]));

    private final StoredLane lane = new StoredLane(DATABASE.pool, LANE, UUID.randomUUID());
    private final StoredLog log = new StoredLog(DATABASE.pool, LANE);
    private final List<byte[]> entries = new ArrayList<>();
    private Predecessor before = Predecessor.NONE;

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws java.sql.SQLException {
        DATABASE.execute(
                "truncate snapshot, batch, batch_transaction, batch_level, sequencer_lease, lane_secret, log_tile");
    }

    @Test
    void aLogWithoutBatchesIsEmpty() {
        assertThat(get(log.newest())).isEqualTo(Head.EMPTY);
        assertThat(get(log.tile(new TilePath(0, 0, 1)))).isEmpty();
        assertThat(get(log.leaves(0, 1))).isEmpty();
    }

    @Test
    void everyTileAndEveryBundleIsThereUpToTheNewestBatch() {
        for (int count : List.of(1, 2, 252, 1, 1, 700, 67, 1_200)) {
            append(count);
            long size = entries.size();
            assertThat(get(log.newest())).isEqualTo(new Head(size, new HashedEntries(entries).root()));
            assertThat(new TiledLog(size, path -> get(log.tile(path)).orElseThrow()).root(size))
                    .isEqualTo(new HashedEntries(entries).root());
            bundles(size);
        }
        assertThat(get(new StoredLog(DATABASE.pool, new LaneId(99)).newest())).isEqualTo(Head.EMPTY);
    }

    /** What witnesses and receipts need, at every size that it was cosigned at. */
    @Test
    void proofsLeadFromEverySizeAndEveryLeafToEveryLaterSize() {
        List<Long> sizes = new ArrayList<>(List.of(0L));
        for (int count : List.of(1, 2, 252, 1, 1, 700)) {
            append(count);
            sizes.add((long) entries.size());
        }
        HashedEntries hashed = new HashedEntries(entries);
        for (long size : sizes) {
            for (long earlier : sizes) {
                if (earlier <= size) {
                    assertThat(get(log.consistency(earlier, size))).isEqualTo(hashed.consistency(earlier, size));
                }
                if (earlier < size) {
                    assertThat(get(log.inclusion(earlier, size))).isEqualTo(hashed.inclusion(earlier, size));
                }
            }
        }
    }

    private void bundles(long size) {
        for (long bundle = 0; bundle * TilePath.FULL < size; bundle++) {
            TilePath path = TilePath.of(TilePath.ENTRIES, bundle, size).orElseThrow();
            int first = (int) bundle * TilePath.FULL;
            byte[] leaves = get(log.leaves(first, path.width())).orElseThrow();
            assertThat(LeafBytes.split(leaves))
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(entries.subList(first, first + path.width()));
        }
    }

    @Test
    void aNarrowerTileIsTheBeginningOfAWiderOne() {
        append(5);
        byte[] three = get(log.tile(new TilePath(0, 0, 3))).orElseThrow();
        append(300);

        assertThat(three).hasSize(3 * Hash32.BYTES);
        assertThat(get(log.tile(new TilePath(0, 0, 3)))).contains(three);
        assertThat(get(log.tile(new TilePath(0, 0, TilePath.FULL))).orElseThrow())
                .hasSize(TilePath.FULL * Hash32.BYTES)
                .startsWith(three);
    }

    @Test
    void nothingIsThereBeyondTheNewestBatch() {
        append(300);

        assertThat(get(log.tile(new TilePath(0, 1, 44)))).isPresent();
        assertThat(get(log.tile(new TilePath(0, 1, 45)))).isEmpty();
        assertThat(get(log.tile(new TilePath(1, 0, 2)))).isEmpty();
        assertThat(get(log.leaves(256, 44))).isPresent();
        assertThat(get(log.leaves(256, 45))).isEmpty();
        assertThat(get(log.leaves(1L << 50, 1))).isEmpty();
    }

    /** A batch whose leaves are no longer there leaves a gap, and what it is in is not there. */
    @Test
    void aBundleIsWholeOrNotThere() throws java.sql.SQLException {
        append(100);
        append(100);
        append(100);
        DATABASE.execute("update batch set leaves = '' where sequence = 2");

        assertThat(get(log.leaves(0, 100))).isPresent();
        assertThat(get(log.leaves(0, 101))).isEmpty();
        assertThat(get(log.leaves(0, 256))).isEmpty();
        assertThat(get(log.leaves(200, 100))).isPresent();
    }

    private void append(int count) {
        Lease lease = get(lane.lease(Duration.ofMinutes(1))).orElseThrow();
        long first = entries.size() + 1L;
        CutBatch batch = ASSEMBLY.cut(before, POLICY, BatchInput.of(TestDecisions.placed(count, first, first)));
        get(lane.append(lease, batch, List.of(POLICY), Instant.parse("2026-11-25T12:00:00Z")));
        entries.addAll(LeafBytes.split(batch.leaves()));
        before = Predecessor.of(batch);
    }

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(Duration.ofSeconds(20));
    }
}
