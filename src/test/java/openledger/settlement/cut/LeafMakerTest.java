package openledger.settlement.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.RequestCommitment;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.PlannedRequest;
import openledger.inference.record.TimeSplit;
import openledger.routing.DecisionStatus;
import openledger.routing.Plan;
import openledger.routing.Trigger;
import openledger.settlement.TestPlans;
import openledger.unit.RequestKey;
import openledger.unit.TargetId;
import org.junit.jupiter.api.Test;

final class LeafMakerTest {
    private static final LaneSecret SECRET = new LaneSecret(new byte[LaneSecret.BYTES]);
    private static final long U32 = 0xffff_ffffL;

    private final LeafMaker maker = new LeafMaker(SECRET);

    @Test
    void aPlanLeafSaysWhatWasPinned() {
        for (int seed = 0; seed < 200; seed++) {
            PlannedRequest planned = TestPlans.planned(new Random(seed), 1 + seed);
            Plan plan = planned.plan();

            Leaf leaf = maker.plan(planned);

            assertThat(LeafEncoding.decode(LeafEncoding.encode(leaf))).isEqualTo(leaf);
            assertThat(leaf.request()).isEqualTo(commitment(planned));
            assertThat(leaf.mode()).isEqualTo(planned.intent().mode());
            assertThat(leaf.timeMillis()).isEqualTo(planned.pinnedMillis());
            assertThat(leaf.snapshot()).isEqualTo(plan.snapshot());
            assertThat(leaf.attempts()).isEqualTo(plan.spent());
            assertThat(leaf.trigger()).isEqualTo(plan.spent() > 0 ? Trigger.NO_CAPACITY : Trigger.NONE);
            assertThat(leaf.selectedTier()).isEqualTo(planned.tier());
            assertThat(leaf.selectedTarget()).isEqualTo(plan.places().get(plan.spent()));
            assertThat(leaf.plan()).isEqualTo(plan.places());
            assertThat(leaf.stage())
                    .isEqualTo(new Leaf.Stage.Planned(plan.turn(), plan.arrival(), plan.rank(), plan.open()));
        }
    }

    @Test
    void aLeafStaysWhatItWasWhenItsLaneJoinsACluster() {
        LaneSecret joins = new LaneSecret(new byte[LaneSecret.BYTES]);
        byte[] cohorts = new byte[LaneSecret.BYTES];
        cohorts[0] = 1;
        LeafMaker both = new LeafMaker(joins);
        List<Integer> after = new ArrayList<>();
        List<Integer> shared = new ArrayList<>();
        for (int seed = 0; seed < 200; seed++) {
            both.plan(TestPlans.planned(new Random(seed), 1 + seed));
        }

        joins.shareCohorts(cohorts, 101);

        LaneSecret other = new LaneSecret(cohorts);
        for (int seed = 0; seed < 200; seed++) {
            PlannedRequest planned = TestPlans.planned(new Random(seed), 1 + seed);
            Leaf leaf = both.plan(planned);
            assertThat(leaf.cohort())
                    .isEqualTo(both.outcome(TestPlans.decision(
                                    new Random(seed), 1 + seed, planned.intent(), Optional.of(planned.plan())))
                            .cohort());
            if (seed < 100) {
                assertThat(leaf).isEqualTo(maker.plan(planned));
            } else {
                after.add(leaf.cohort());
                shared.add(new LeafMaker(other).plan(planned).cohort());
                assertThat(leaf.request()).isEqualTo(maker.plan(planned).request());
            }
        }
        assertThat(after).isEqualTo(shared);
    }

    @Test
    void whatWasSaidOfCohortsCannotBeUnsaid() {
        LaneSecret joins = new LaneSecret(new byte[LaneSecret.BYTES]);
        byte[] cohorts = new byte[LaneSecret.BYTES];
        joins.shareCohorts(cohorts, 7);
        joins.shareCohorts(cohorts, 7);

        assertThatThrownBy(() -> joins.shareCohorts(cohorts, 8)).isInstanceOf(IllegalStateException.class);
        cohorts[1] = 1;
        assertThatThrownBy(() -> joins.shareCohorts(cohorts, 7)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> joins.shareCohorts(new byte[31], 7)).isInstanceOf(IllegalArgumentException.class);
        assertThat(joins.sharesCohort(6)).isFalse();
        assertThat(joins.sharesCohort(7)).isTrue();
    }

    @Test
    void numbersThatALeafHasNoRoomForAreTheLargestItHas() {
        Random random = new Random(1);
        Plan plan = new Plan(9, 1L << 39, 1L << 40, Long.MAX_VALUE, 0, 1, 0, List.of(3));

        Leaf leaf = maker.plan(TestPlans.planned(random, 1, TestPlans.intent(random), plan));

        assertThat(leaf.stage()).isEqualTo(new Leaf.Stage.Planned(U32, U32, 0, 1));
    }

    @Test
    void anOutcomeRepeatsThePlanAndSaysWhetherItWasReleased() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            PlannedRequest planned = TestPlans.planned(random, 1 + seed);
            Plan plan = planned.plan();
            Decision decision = TestPlans.decision(random, 1 + seed, planned.intent(), Optional.of(plan));

            Leaf leaf = maker.outcome(decision);

            assertThat(LeafEncoding.decode(LeafEncoding.encode(leaf))).isEqualTo(leaf);
            Leaf pinned = maker.plan(planned);
            assertThat(leaf.request()).isEqualTo(pinned.request());
            assertThat(leaf.cohort()).isEqualTo(pinned.cohort());
            assertThat(leaf.snapshot()).isEqualTo(pinned.snapshot());
            assertThat(leaf.plan()).isEqualTo(pinned.plan());
            assertThat(leaf.selectedTarget()).isEqualTo(pinned.selectedTarget());
            assertThat(leaf.selectedTier()).isEqualTo(2);
            assertThat(leaf.mode()).isEqualTo(decision.mode());
            assertThat(leaf.attempts()).isEqualTo(plan.spent() + 1);
            assertThat(leaf.plan().get(leaf.attempts() - 1)).isEqualTo(decision.servedTarget());
        }
    }

    @Test
    void aConfirmedRequestThatEndedBeforeItHadAPlanHasNeitherSnapshotNorPlan() {
        Random random = new Random(2);

        Leaf leaf = maker.outcome(TestPlans.decision(random, 1, TestPlans.intent(random), Optional.empty()));

        assertThat(leaf.snapshot()).isEqualTo(Leaf.NO_SNAPSHOT);
        assertThat(leaf.plan()).isEmpty();
        assertThat(leaf.selectedTarget()).isEqualTo(Leaf.NO_TARGET);
        assertThat(LeafEncoding.decode(LeafEncoding.encode(leaf))).isEqualTo(leaf);
    }

    @Test
    void whatWasSpentBeforeThePlanStaysSpentIfTheRestIsNotKnown() {
        Random random = new Random(3);
        Intent intent = TestPlans.intent(random);
        Plan plan = new Plan(20, 5, 6, 0, 0, 1, 2, List.of(4, 5, 6, 7));
        Decision served = TestPlans.decision(random, 1, intent, Optional.of(plan));
        Decision interrupted = new Decision(
                served.id(),
                intent,
                DecisionStatus.INTERRUPTED,
                List.of(),
                0,
                plan.first(),
                Decision.NO_TIER,
                TargetId.NONE,
                Trigger.NO_CAPACITY,
                served.attribution(),
                0,
                TimeSplit.ZERO,
                new byte[Decision.DIGEST_BYTES],
                intent.mode(),
                Optional.of(plan));

        Leaf leaf = maker.outcome(interrupted);

        assertThat(leaf.attempts()).isEqualTo(2);
        assertThat(leaf.selectedTarget()).isEqualTo(6);
        assertThat(leaf.selectedTier()).isEqualTo(Leaf.NO_TIER);
    }

    @Test
    void whoReplaysGetsOneRecordALeafWithWhatEachKindNeeds() {
        Random random = new Random(4);
        PlannedRequest planned = TestPlans.planned(random, 8);
        Decision decision = TestPlans.decision(random, 8, planned.intent(), Optional.of(planned.plan()));

        List<ReplayRecord> read =
                ReplayEncoding.read(ReplayEncoding.write(List.of(maker.replay(planned), maker.replay(decision))));

        assertThat(read.getFirst())
                .usingRecursiveComparison()
                .isEqualTo(new ReplayRecord.OfPlan(
                        8,
                        read.getLast().tenantTag(),
                        planned.plan().snapshot(),
                        planned.plan().arrival(),
                        planned.pinnedMillis()));
        assertThat(read.getLast())
                .isInstanceOfSatisfying(
                        ReplayRecord.OfOutcome.class,
                        outcome -> assertThat(outcome.times()).isEqualTo(decision.timeSplit()));
    }

    private static RequestKey commitment(PlannedRequest planned) {
        return RequestCommitment.of(planned.id(), planned.intent().bodyDigest(), SECRET.salt(planned.id()));
    }
}
