package openledger.store.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.LeafBytes;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.log.CompactRange;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.LogHasher;
import openledger.settlement.BatchStore.Change;
import openledger.settlement.BatchStore.Lease;
import openledger.settlement.BatchStore.LeaseLost;
import openledger.settlement.BatchStore.Resumption;
import openledger.settlement.BatchStore.Unsettled;
import openledger.settlement.TestDecisions;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.BatchInput;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.JournalOffset;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.settlement.ledger.SignedTransaction;
import openledger.settlement.receipt.Batches.Leaves;
import openledger.settlement.receipt.Batches.Located;
import openledger.settlement.receipt.Batches.LocatedSnapshot;
import openledger.settlement.receipt.Batches.Tally;
import openledger.settlement.receipt.LevelChange;
import openledger.settlement.receipt.SettledBatch;
import openledger.store.SettlementDatabase;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.Wei;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A lane's way to the chain in a real database, as two processes and a reader see it. Long because both read all that one writes.
 */
final class StoredLaneTest {
    private static final Path MIGRATION = Path.of("src/main/resources/db/migration/V6__running_tally.sql");
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final LaneId LANE = SettlementDatabase.LANE;
    private static final Duration TERM = Duration.ofMinutes(1);
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final BatchAssembly ASSEMBLY = new BatchAssembly(
            901, Address.parse("0x" + "22".repeat(20)), LANE, new LaneSecret(new byte[LaneSecret.BYTES]));

    private final StoredLane ours = new StoredLane(DATABASE.pool, LANE, UUID.randomUUID());
    private final StoredLane theirs = new StoredLane(DATABASE.pool, LANE, UUID.randomUUID());
    private final StoredBatches batches = new StoredBatches(DATABASE.pool);

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate snapshot, batch, batch_transaction, batch_level, sequencer_lease, lane_secret");
    }

    @Test
    void aLaneHasOneWriterAndTheFenceGrowsWithEachChange() throws SQLException {
        Lease first = get(ours.lease(TERM)).orElseThrow();
        assertThat(get(theirs.lease(TERM))).isEmpty();
        assertThat(get(ours.lease(TERM))).contains(first);

        DATABASE.execute("update sequencer_lease set expires = now() - interval '1 second'");
        Lease second = get(theirs.lease(TERM)).orElseThrow();

        assertThat(second.fence()).isEqualTo(first.fence() + 1);
        assertThat(get(ours.lease(TERM))).isEmpty();
        assertThatThrownBy(() -> get(ours.append(first, cut(Predecessor.NONE, 3, 1), List.of(), NOON)))
                .isInstanceOf(LeaseLost.class);
        assertThat(get(theirs.resume())).isEqualTo(Resumption.START);
    }

    @Test
    void aLaneThatIsGivenBackIsFree() {
        Lease first = get(ours.lease(TERM)).orElseThrow();

        get(ours.release(first));

        assertThat(get(theirs.lease(TERM))).contains(new Lease(first.fence() + 1));
    }

    @Test
    void aStartFindsWhereTheLaneStood() {
        Lease lease = get(ours.lease(TERM)).orElseThrow();
        CutBatch one = append(lease, Predecessor.NONE, 5, 1);
        CutBatch two = append(lease, Predecessor.of(one), 7, 100);
        get(ours.signed(lease, 2, signed(3)));
        get(ours.signed(lease, 2, signed(4)));
        get(ours.changed(lease, List.of(included(1, ConfirmationLevel.FINALIZED))));

        assertThat(get(theirs.resume()))
                .isEqualTo(
                        new Resumption(2, two.head(), 0, two.log().edge(), two.ended(), two.plansEnd(), two.end(), 2));
        List<Unsettled> found = get(theirs.load(1, 10));
        assertThat(found).hasSize(2);
        assertThat(found.getFirst().header()).isEqualTo(one.header());
        assertThat(found.getFirst().inclusion()).contains(inclusion(1));
        assertThat(found.getFirst().level()).isEqualTo(ConfirmationLevel.FINALIZED);
        assertThat(found.getLast().policies()).containsExactly(hash("one"), hash("two"));
        assertThat(found.getLast().transactions().stream().map(SignedTransaction::nonce))
                .containsExactly(3L, 4L);
        assertThat(found.getLast().transactions().getFirst().raw())
                .isEqualTo(signed(3).raw());
    }

    @Test
    void theHistoryHasEveryChangeAndADemotionTakesTheInclusionAway() {
        Lease lease = get(ours.lease(TERM)).orElseThrow();
        CutBatch one = append(lease, Predecessor.NONE, 5, 1);
        append(lease, Predecessor.of(one), 5, 10);
        get(ours.signed(lease, 1, signed(3)));
        get(ours.changed(
                lease, List.of(included(1, ConfirmationLevel.SEQUENCED), included(2, ConfirmationLevel.SEQUENCED))));

        get(ours.demoted(lease, 1, NOON.plusSeconds(2)));

        SettledBatch batch = get(batches.batch(LANE, 1)).orElseThrow();
        assertThat(batch.level()).isEqualTo(ConfirmationLevel.RECORDED);
        assertThat(batch.inclusion()).isEmpty();
        assertThat(batch.transaction()).contains(signed(3).hash());
        assertThat(batch.history().stream().map(LevelChange::level))
                .containsExactly(ConfirmationLevel.RECORDED, ConfirmationLevel.SEQUENCED, ConfirmationLevel.RECORDED);
        assertThat(batch.history().get(1).block()).contains(inclusion(1).block());
        assertThat(get(batches.list(LANE, 3, 10)).stream()
                        .map(listed -> listed.header().sequence()))
                .containsExactly(2L, 1L);
    }

    @Test
    void sumsUpWhereTheBatchesAre() {
        Lease lease = get(ours.lease(TERM)).orElseThrow();
        CutBatch one = append(lease, Predecessor.NONE, 5, 1);
        CutBatch two = append(lease, Predecessor.of(one), 5, 10);

        Tally first = Tally.NONE.plus(one.header());
        assertThat(get(batches.tally(LANE, 0))).isEqualTo(Tally.NONE);
        assertThat(get(batches.tally(LANE, 1))).isEqualTo(first);
        assertThat(get(batches.tally(LANE, 9))).isEqualTo(first.plus(two.header()));
        assertThat(first.plus(two.header()).withoutLeaf()).isEqualTo(4);
    }

    @Test
    void whatWasThereBeforeIsSummedUpWhenTheTablesAreMigrated() throws SQLException, IOException {
        Lease lease = get(ours.lease(TERM)).orElseThrow();
        CutBatch one = append(lease, Predecessor.NONE, 5, 1);
        append(lease, Predecessor.of(one), 5, 10);
        Tally first = get(batches.tally(LANE, 1));
        Tally second = get(batches.tally(LANE, 2));
        DATABASE.execute("update batch set highest_counter = 0, outcomes_so_far = 0");

        String migration = Files.readString(MIGRATION);
        DATABASE.execute(migration.substring(migration.indexOf("update batch")));

        assertThat(get(batches.tally(LANE, 1))).isEqualTo(first);
        assertThat(get(batches.tally(LANE, 2))).isEqualTo(second);
    }

    @Test
    void settlesWhatHasBeenFinalForLongEnough() {
        Lease lease = get(ours.lease(TERM)).orElseThrow();
        CutBatch one = append(lease, Predecessor.NONE, 5, 1);
        append(lease, Predecessor.of(one), 5, 10);
        get(ours.changed(
                lease, List.of(included(1, ConfirmationLevel.FINALIZED), included(2, ConfirmationLevel.SAFE))));

        assertThat(get(ours.settled(lease, NOON.minusSeconds(1), NOON))).isZero();
        assertThat(get(ours.settled(lease, NOON, NOON))).isEqualTo(1);

        assertThat(get(batches.batch(LANE, 1)).orElseThrow().level()).isEqualTo(ConfirmationLevel.SETTLED);
        assertThat(get(batches.batch(LANE, 2)).orElseThrow().level()).isEqualTo(ConfirmationLevel.SAFE);
    }

    @Test
    void findsTheLeafOfARequest() {
        Lease lease = get(ours.lease(TERM)).orElseThrow();
        CutBatch one = append(lease, Predecessor.NONE, 1_000, 1);
        CutBatch two = append(lease, Predecessor.of(one), 1_000, 1_001);

        for (long counter : List.of(1L, 256L, 257L, 1_000L, 1_001L, 1_750L, 2_000L)) {
            Located found = get(batches.locate(new RequestId(LANE.value(), counter)))
                    .outcome()
                    .orElseThrow();
            CutBatch batch = counter <= 1_000 ? one : two;
            assertThat(found.batch().header()).isEqualTo(batch.header());
            int index = (int) (found.proof().index() - batch.header().firstIndex());
            assertThat(batch.counters().get(index)).isEqualTo(counter);
            assertThat(found.leaf()).isEqualTo(LeafBytes.split(batch.leaves()).get(index));
            assertThat(found.proof().root(new LogHasher().entry(found.leaf())))
                    .contains(batch.header().root());
        }
        assertThat(get(batches.locate(new RequestId(LANE.value(), 2_001)))).isEqualTo(Leaves.NONE);
        assertThat(get(batches.locate(new RequestId(LANE.value() + 1, 5)))).isEqualTo(Leaves.NONE);
        assertThat(get(batches.leaves(LANE, 2)).orElseThrow()).isEqualTo(two.leaves());
        assertThat(get(batches.records(LANE, 2)).orElseThrow()).isEqualTo(two.records());
        assertThat(get(batches.records(LANE, 3))).isEmpty();
    }

    @Test
    void keepsPlansAndSnapshotsWithTheirBatch() {
        Lease lease = get(ours.lease(TERM)).orElseThrow();
        List<Placed> ended =
                List.of(new Placed(TestDecisions.carriedOut(TestDecisions.planned(2, 2)), new JournalOffset(1, 1)));
        CutBatch one = append(lease, Predecessor.NONE, TestDecisions.taken(1, 3, List.of()));
        CutBatch two = append(lease, Predecessor.of(one), TestDecisions.taken(4, 5, ended));

        assertThat(get(theirs.resume()))
                .isEqualTo(new Resumption(
                        2,
                        two.head(),
                        5,
                        two.log().edge(),
                        two.ended(),
                        new JournalOffset(6, 0),
                        new JournalOffset(1, 1),
                        1));
        Leaves both = get(batches.locate(new RequestId(LANE.value(), 2)));
        assertThat(both.plan().orElseThrow().batch().header()).isEqualTo(one.header());
        assertThat(both.plan().orElseThrow().proof().index()).isEqualTo(1);
        assertThat(both.outcome().orElseThrow().batch().header()).isEqualTo(two.header());
        Leaves planned = get(batches.locate(new RequestId(LANE.value(), 4)));
        assertThat(planned.plan().orElseThrow().proof().index()).isEqualTo(3);
        assertThat(planned.outcome()).isEmpty();
        LocatedSnapshot snapshot = get(batches.snapshot(LANE, 5)).orElseThrow();
        assertThat(snapshot.batch().header()).isEqualTo(two.header());
        assertThat(snapshot.index()).isEqualTo(1);
        assertThat(snapshot.snapshots()).containsExactly(TestDecisions.snapshot(4), TestDecisions.snapshot(5));
        assertThat(get(batches.snapshot(LANE, 6))).isEmpty();
        assertThat(get(batches.tally(LANE, 2)).outcomes()).isOne();
        assertThat(get(batches.tally(LANE, 2)).withoutLeaf()).isEqualTo(4);
    }

    @Test
    void theLogGoesOnAfterEveryStartAndSaysWhatItWasAtAnySize() {
        Predecessor before = Predecessor.NONE;
        List<byte[]> leaves = new ArrayList<>();
        for (int count : List.of(1, 255, 1, 700, 67, 1_200)) {
            Lease lease = get(ours.lease(TERM)).orElseThrow();
            CutBatch batch = append(lease, before, count, leaves.size() + 1L);
            leaves.addAll(LeafBytes.split(batch.leaves()));
            Resumption at = get(theirs.resume());
            assertThat(at.log().root()).isEqualTo(new HashedEntries(leaves).root());
            assertThat(at.log().trees())
                    .isEqualTo(get(batches.trees(LANE, leaves.size())))
                    .isEqualTo(batch.log().edge().trees());
            before = new Predecessor(at.sequence(), at.head(), at.lastSnapshot(), at.log(), at.ended());
        }
        for (int size : List.of(1, 255, 256, 257, 956, 957, 1_024, 2_224)) {
            assertThat(new CompactRange(size, get(batches.trees(LANE, size))).root())
                    .isEqualTo(new HashedEntries(leaves.subList(0, size)).root());
        }
    }

    private CutBatch append(Lease lease, Predecessor before, BatchInput taken) {
        CutBatch batch = ASSEMBLY.cut(before, hash("two"), taken);
        get(ours.append(lease, batch, List.of(hash("one"), hash("two")), NOON));
        return batch;
    }

    @Test
    void aLaneHasOneSecretForEver() {
        StoredLaneSecrets first = new StoredLaneSecrets(DATABASE.pool, new SecureRandom());
        StoredLaneSecrets second = new StoredLaneSecrets(DATABASE.pool, new SecureRandom());
        RequestId request = new RequestId(LANE.value(), 1);

        byte[] salt = get(first.make(LANE)).salt(request);

        assertThat(get(second.make(LANE)).salt(request)).isEqualTo(salt);
        assertThat(get(second.of(new LaneId(99)))).isEmpty();
    }

    private CutBatch append(Lease lease, Predecessor before, int count, long first) {
        CutBatch batch = cut(before, count, first);
        get(ours.append(lease, batch, List.of(hash("one"), hash("two")), NOON));
        return batch;
    }

    private static CutBatch cut(Predecessor before, int count, long first) {
        return ASSEMBLY.cut(before, hash("two"), BatchInput.of(TestDecisions.placed(count, first, first)));
    }

    private static SignedTransaction signed(long nonce) {
        byte[] raw = {1, 2, (byte) nonce};
        return new SignedTransaction(Hash32.of(Keccak256.digest(raw)), raw, nonce, Wei.of(100 + nonce), Wei.of(nonce));
    }

    private static Change included(long sequence, ConfirmationLevel level) {
        Inclusion inclusion = inclusion(sequence);
        return new Change(
                sequence, new LevelChange(level, NOON, Optional.of(inclusion.block())), Optional.of(inclusion));
    }

    private static Inclusion inclusion(long sequence) {
        return new Inclusion(
                hash("tx" + sequence),
                new BlockRef(100 + sequence, hash("block" + sequence)),
                1_700_000_000,
                Effect.DONE,
                60_363,
                new Wei(new java.math.BigInteger("123456789012345678901234567890")));
    }

    private static Hash32 hash(String text) {
        return Hash32.of(Keccak256.digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(Duration.ofSeconds(20));
    }
}
