package openledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import openledger.audit.Difference.Kind;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafField;
import openledger.commitment.leaf.ProvableFault;
import openledger.commitment.log.LogEdge;
import openledger.unit.Address;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;

/** Headers continue each other, every request has one outcome, and what is called ended has one. Long because of all that may be wrong. */
final class LaneCountersTest {
    private final List<PublishedBatch> batches = new ArrayList<>();
    private LogEdge log = LogEdge.EMPTY;

    /** The outcome of a fast request that was served at once. */
    private static byte[] outcome(long counter) {
        byte[] leaf = LeafEncoding.encode(HostileBatchTest.fast(1, 4, 0));
        for (int i = 0; i < Long.BYTES; i++) {
            leaf[LeafField.COUNTER.offset() + i] = (byte) (counter >>> (56 - 8 * i));
        }
        return leaf;
    }

    private static byte[][] outcomes(long... counters) {
        return LongStream.of(counters).mapToObj(LaneCountersTest::outcome).toArray(byte[][]::new);
    }

    /** Another salt makes another commitment; the number stays. */
    private static byte[] disguised(byte[] leaf) {
        leaf[0] ^= 0x55;
        return leaf;
    }

    private void publish(long completeThrough, byte[]... leaves) {
        publish(completeThrough, 0, leaves);
    }

    private void publish(long completeThrough, long sizeTooLarge, byte[]... leaves) {
        byte[] all = new byte[leaves.length * LeafEncoding.BYTES];
        for (int i = 0; i < leaves.length; i++) {
            System.arraycopy(leaves[i], 0, all, i * LeafEncoding.BYTES, LeafEncoding.BYTES);
        }
        LogEdge before = log;
        log = log.append(all, LeafEncoding.BYTES).edge();
        BatchHeader header = new BatchHeader(
                901,
                Address.of(new byte[Address.BYTES]),
                PublishedWorld.LANE,
                batches.size() + 1L,
                Hash32.ZERO,
                Hash32.ZERO,
                1,
                0,
                Hash32.ZERO,
                1,
                1_000,
                completeThrough,
                leaves.length,
                leaves.length,
                log.size() + sizeTooLarge,
                log.root(),
                Hash32.ZERO,
                0,
                2_000_000_000);
        batches.add(PublishedBatch.of(header, before.trees(), all, List.of()));
    }

    private List<Difference> found() {
        return found(new PlanReplay(), 0);
    }

    private List<Difference> found(PlanReplay replay, int from) {
        batches.subList(from, batches.size()).forEach(replay::take);
        return replay.finish().differences();
    }

    private void assertFound(Kind kind, Optional<ProvableFault> fault, String text) {
        assertThat(found()).singleElement().satisfies(one -> {
            assertThat(one.kind()).isEqualTo(kind);
            assertThat(one.fault()).isEqualTo(fault);
            assertThat(one.text()).contains(text);
        });
    }

    @Test
    void endsInAnyOrderAreInOrder() {
        publish(0, outcomes(3, 5));
        publish(3, outcomes(1, 2));
        // A straggler: all up to 6 have ended, though the highest number of this batch is lower.
        publish(3, outcomes(6));
        publish(6, outcomes(4));

        assertThat(found()).isEmpty();
    }

    @Test
    void aHeaderMaySayLessThanThereIs() {
        publish(0, outcomes(1, 2, 3));
        publish(2, outcomes(4));

        assertThat(found()).isEmpty();
    }

    @Test
    void aSecondOutcomeIsFoundBeyondWhatIsComplete() {
        publish(1, outcomes(1, 3));
        publish(1, disguised(outcome(3)));

        assertFound(Kind.TWICE, Optional.of(ProvableFault.TWICE), "Request 3 has two outcomes");
    }

    @Test
    void aSecondOutcomeIsFoundOfWhatIsComplete() {
        publish(3, outcomes(1, 2, 3));
        publish(4, outcome(4), disguised(outcome(2)));

        assertFound(Kind.TWICE, Optional.of(ProvableFault.TWICE), "Request 2 has an outcome again");
    }

    @Test
    void aMissingOutcomeIsFound() {
        publish(1, outcomes(1));
        publish(9, outcomes(2, 4, 5, 8, 9));

        assertFound(Kind.OUTCOME_MISSING, Optional.empty(), "up to 9 have ended, but there is no outcome of [3, 6..7]");
    }

    @Test
    void whatCannotBeReadIsNotCalledMissing() {
        byte[] none = outcome(2);
        none[LeafField.COHORT.offset()] = 64;
        publish(3, outcome(1), none, outcome(3));

        assertThat(found()).extracting(Difference::kind).containsExactly(Kind.UNREADABLE);
    }

    @Test
    void whoBeginsLaterCallsNothingMissingButFindsWhatIsTwice() {
        publish(1, outcomes(1, 3, 5));
        publish(3, outcomes(2));
        publish(5, outcomes(4));
        publish(6, outcome(6), outcome(1));

        PlanReplay later = new PlanReplay();
        later.after(batches.getFirst().header());
        assertThat(found(later, 1))
                .extracting(Difference::text)
                .containsExactly("Request 1 has an outcome again: all up to 5 had theirs in a batch before.");
        assertThat(found(new PlanReplay(), 2)).hasSize(1);
    }

    @Test
    void aBatchThatWasNotHadHidesWhatIsInIt() {
        publish(1, outcomes(1));
        publish(3, outcomes(2, 3));
        publish(4, outcomes(4));
        PlanReplay replay = new PlanReplay();
        replay.take(batches.get(0));
        replay.pass(2);
        replay.take(batches.get(2));

        assertThat(replay.finish().differences()).isEmpty();
    }

    @Test
    void aHeaderThatTakesBackIsFound() {
        publish(2, outcomes(1, 2));
        publish(1, outcomes(3));

        assertFound(Kind.HEADER_BROKEN, Optional.of(ProvableFault.COMPLETE_THROUGH_FALLS), "up to 1 have ended");
    }

    @Test
    void aLogThatGrowsOtherwiseThanItsBatchesIsFound() {
        publish(1, outcomes(1));
        publish(2, 1, outcomes(2));

        assertThat(found())
                .anySatisfy(one -> assertThat(one.fault()).contains(ProvableFault.SIZE_GAP))
                .allSatisfy(one -> assertThat(one.kind()).isIn(Kind.HEADER_BROKEN, Kind.UNREADABLE));
    }

    @Test
    void aForkedLogIsFound() {
        publish(1, outcomes(1));
        log = LogEdge.EMPTY.append(outcome(7), LeafEncoding.BYTES).edge();
        publish(2, outcomes(2));

        assertFound(Kind.LOG_FORKED, Optional.of(ProvableFault.LOG_FORKED), "does not begin");
    }

    @Test
    void aPlanBehindItsOutcomeIsFound() {
        PublishedWorld world = new PublishedWorld(1, 20);
        Leaf plan = world.leaves.remove(0);
        world.leaves.add(2, plan);

        List<PublishedBatch> apart = world.batches(2);
        PlanReplay replay = new PlanReplay();
        apart.forEach(replay::take);

        assertThat(replay.finish().differences())
                .filteredOn(one -> one.kind() == Kind.PLAN_AFTER_OUTCOME)
                .singleElement()
                .satisfies(one ->
                        assertThat(one.request()).isEqualTo(plan.request().word()));
    }
}
