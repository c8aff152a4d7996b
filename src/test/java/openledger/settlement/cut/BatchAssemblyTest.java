package openledger.settlement.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import openledger.commitment.BatchHeader;
import openledger.commitment.LeafBytes;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.LeafPair;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.LogHasher;
import openledger.inference.record.Decision;
import openledger.routing.DecisionStatus;
import openledger.settlement.TestDecisions;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;

final class BatchAssemblyTest {
    private static final LaneSecret SECRET = new LaneSecret(new byte[LaneSecret.BYTES]);
    private static final Hash32 POLICY = Hash32.of(Keccak256.digest(new byte[] {1}));
    private static final Address REGISTRY = Address.parse("0x5fbdb2315678afecb367f032d93f642f64180aa3");

    private final BatchAssembly assembly = new BatchAssembly(901, REGISTRY, new LaneId(TestDecisions.LANE), SECRET);

    @Test
    void everyDecisionIsALeafAtItsPlaceAndTheHeaderSaysSo() {
        List<Placed> decisions = TestDecisions.placed(101, 500, 1);

        CutBatch batch = assembly.cut(Predecessor.NONE, POLICY, BatchInput.of(decisions));

        HashedEntries tree = LeafBytes.log(batch.leaves());
        BatchHeader header = batch.header();
        assertThat(header.count()).isEqualTo(101);
        assertThat(header.outcomes()).isEqualTo(101);
        assertThat(header.sequence()).isOne();
        assertThat(header.previousHead()).isEqualTo(Hash32.ZERO);
        assertThat(header.policyHash()).isEqualTo(POLICY);
        assertThat(header.firstCounter()).isEqualTo(500);
        assertThat(header.lastCounter()).isEqualTo(600);
        assertThat(header.firstMillis()).isEqualTo(header.lastMillis() - 100);
        assertThat(header.root()).isEqualTo(tree.root());
        assertThat(header.size()).isEqualTo(101);
        assertThat(header.completeThrough()).isZero();
        assertThat(header.recordsRoot()).isEqualTo(new HashedEntries(ReplayEncoding.each(batch.records())).root());
        assertThat(batch.head()).isEqualTo(header.head());
        assertThat(batch.end()).isEqualTo(decisions.getLast().behind());
        List<ReplayRecord> replays = ReplayEncoding.read(batch.records());
        for (int i = 0; i < decisions.size(); i++) {
            Decision decision = decisions.get(i).decision();
            byte[] leaf = Arrays.copyOfRange(batch.leaves(), i * LeafEncoding.BYTES, (i + 1) * LeafEncoding.BYTES);
            assertThat(batch.counters().get(i)).isEqualTo(decision.id().counter());
            assertThat(replays.get(i).counter()).isEqualTo(decision.id().counter());
            assertThat(tree.inclusion(i).root(new LogHasher().entry(leaf))).contains(header.root());
            assertSaysTheSame(LeafEncoding.decode(leaf), decision);
        }
    }

    @Test
    void theNextBatchFollowsTheOneBefore() {
        CutBatch first = assembly.cut(Predecessor.NONE, POLICY, BatchInput.of(TestDecisions.placed(3, 1, 1)));

        CutBatch second = assembly.cut(Predecessor.of(first), POLICY, BatchInput.of(TestDecisions.placed(4, 4, 2)));

        assertThat(second.header().sequence()).isEqualTo(2);
        assertThat(second.header().previousHead()).isEqualTo(first.head());
        assertThat(second.header().firstSnapshot()).isEqualTo(first.header().lastSnapshot() + 1);
        assertThat(second.header().lastSnapshot()).isEqualTo(second.header().firstSnapshot() - 1);
        assertThat(second.header().size()).isEqualTo(7);
        assertThat(second.header().completeThrough()).isEqualTo(7);
        byte[] both = Arrays.copyOf(first.leaves(), 7 * LeafEncoding.BYTES);
        System.arraycopy(second.leaves(), 0, both, 3 * LeafEncoding.BYTES, 4 * LeafEncoding.BYTES);
        assertThat(second.header().root()).isEqualTo(LeafBytes.log(both).root());
    }

    @Test
    void plansComeFirstAndSnapshotsAreUnderTheirRoot() {
        List<Placed> outcomes =
                List.of(new Placed(TestDecisions.carriedOut(TestDecisions.planned(1, 1)), new JournalOffset(1, 1)));

        CutBatch batch = assembly.cut(Predecessor.NONE, POLICY, TestDecisions.taken(1, 3, outcomes));

        BatchHeader header = batch.header();
        assertThat(batch.plans()).containsExactly(1L, 2L, 3L);
        assertThat(batch.outcomes()).containsExactly(1L);
        assertThat(header.count()).isEqualTo(4);
        assertThat(header.outcomes()).isOne();
        assertThat(header.firstSnapshot()).isOne();
        assertThat(header.lastSnapshot()).isEqualTo(3);
        assertThat(header.snapshotRoot()).isEqualTo(new HashedEntries(batch.snapshots()).root());
        assertThat(ReplayEncoding.read(batch.records())).hasSize(4);
        assertThat(batch.plansEnd()).isEqualTo(new JournalOffset(4, 0));
        byte[] plan = Arrays.copyOf(batch.leaves(), LeafEncoding.BYTES);
        byte[] outcome = Arrays.copyOfRange(batch.leaves(), 3 * LeafEncoding.BYTES, 4 * LeafEncoding.BYTES);
        assertThat(LeafPair.decode(plan, outcome).breach()).isEmpty();
    }

    @Test
    void snapshotsHaveNoGap() {
        assertThatThrownBy(() -> assembly.cut(Predecessor.NONE, POLICY, TestDecisions.taken(2, 3, List.of())))
                .hasMessageContaining("gap");
    }

    @Test
    void theSameDecisionsGiveTheSameBytes() {
        CutBatch one = assembly.cut(Predecessor.NONE, POLICY, BatchInput.of(TestDecisions.placed(1_200, 1, 3)));
        CutBatch other = assembly.cut(Predecessor.NONE, POLICY, BatchInput.of(TestDecisions.placed(1_200, 1, 3)));

        assertThat(other.head()).isEqualTo(one.head());
        assertThat(other.leaves()).isEqualTo(one.leaves());
        assertThat(other.records()).isEqualTo(one.records());
    }

    @Test
    void aBatchHasOneToTwelveHundredLeaves() {
        assertThatThrownBy(() -> assembly.cut(Predecessor.NONE, POLICY, BatchInput.of(List.of())))
                .hasMessageContaining("1..1200");
        assertThatThrownBy(
                        () -> assembly.cut(Predecessor.NONE, POLICY, BatchInput.of(TestDecisions.placed(1_201, 1, 1))))
                .hasMessageContaining("1..1200");
    }

    @Test
    void aTenantIsShownInDisguiseAndInTheSameOneAllDay() {
        Decision one = TestDecisions.decision(new Random(1), 1);
        Decision same = TestDecisions.decision(new Random(1), 2);
        LeafMaker maker = new LeafMaker(SECRET);

        assertThat(maker.replay(one).tenantTag()).isEqualTo(maker.replay(same).tenantTag());
        assertThat(maker.outcome(one).cohort()).isEqualTo(maker.outcome(same).cohort());
        assertThat(maker.outcome(one).request())
                .isNotEqualTo(maker.outcome(same).request());
    }

    private static void assertSaysTheSame(Leaf leaf, Decision decision) {
        byte[] salt = SECRET.salt(decision.id());
        Leaf.Stage.Ended ended = (Leaf.Stage.Ended) leaf.stage();
        assertThat(leaf.request())
                .isEqualTo(RequestCommitment.of(decision.id(), decision.intent().bodyDigest(), salt));
        assertThat(leaf.mode()).isEqualTo(LeafMode.FAST);
        assertThat(leaf.route()).isEqualTo(decision.intent().route());
        assertThat(leaf.budget()).isEqualTo(4);
        assertThat(leaf.attempts()).isEqualTo(decision.attempts().size());
        assertThat(leaf.timeMillis()).isEqualTo(decision.intent().arrivalMillis());
        assertThat(leaf.selectedTier()).isZero();
        assertThat(leaf.trigger()).isEqualTo(decision.trigger());
        assertThat(ended.status()).isEqualTo(decision.status());
        assertThat(ended.servedTier()).isEqualTo(decision.servedTier());
        assertThat(ended.servedTarget()).isEqualTo(decision.servedTarget());
        assertThat(ended.attribution()).isEqualTo(decision.attribution());
        assertThat(ended.totalMillis()).isEqualTo(351);
        assertThat(ended.outcome())
                .isEqualTo(OutcomeCommitment.of(
                        salt,
                        decision.responseDigest(),
                        LeafMaker.upstreamRequestIds(decision),
                        LeafMaker.usage(decision)));
        assertThat(ended.servedTier() == Leaf.NO_TIER).isEqualTo(ended.status() == DecisionStatus.EXHAUSTED);
    }
}
