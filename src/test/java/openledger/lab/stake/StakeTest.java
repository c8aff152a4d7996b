package openledger.lab.stake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import openledger.audit.Difference.Kind;
import openledger.lab.stake.StakeLane.Chance;
import openledger.lab.stake.StakeLane.Pen;
import org.junit.jupiter.api.Test;

final class StakeTest {
    private static final double LOAD = 0.8;

    @Test
    void anHonestOperatorIsNotConvictedHoweverItIsAudited() {
        StakeLane lane = StakeLane.of(LOAD, 1);
        var published = lane.publish(Pen.HONEST);

        assertThat(StakeLane.convictedByFullReplay(published)).isEmpty();
        assertThat(StakeLane.convictedBatchByBatch(published)).isEmpty();
        assertThat(published.size()).isGreaterThan(5);
    }

    @Test
    void aFullReplayConvictsOfExactlyWhatContradictsAPlan() {
        StakeLane lane = StakeLane.of(LOAD, 1);
        List<Chance> chances = lane.chances(1);

        var convicted = StakeLane.convictedByFullReplay(lane.publish(StakeLane.lazyAt(chances)));

        assertThat(convicted)
                .containsExactlyInAnyOrderElementsOf(chances.stream()
                        .filter(Chance::leavesTrace)
                        .map(chance -> lane.key(chance.served().arrival()).word())
                        .toList());
        assertThat(chances).anyMatch(Chance::leavesTrace).anyMatch(chance -> !chance.leavesTrace());
    }

    @Test
    void withoutAuditOrSlashNothingChangesAndWithBothLess() {
        StakeRun none = StakeRun.of(LOAD, 1, new Terms(0, 7, 0));
        StakeRun some = StakeRun.of(LOAD, 1, StakeRun.OF_NOTE_16);
        StakeRun much = StakeRun.of(LOAD, 1, new Terms(0.5, 7, 0));

        assertThat(none.sampled()).isEqualTo(none.without());
        assertThat(some.sampled()).isLessThan(some.without());
        assertThat(much.sampled()).isLessThan(some.sampled());
        // Who hides behind congestion hides from any audit.
        assertThat(much.full()).isGreaterThanOrEqualTo(much.without() - much.traced());
    }

    @Test
    void whatIsProvableIsFoundAndWhatIsSaidToBeUnprovableIsNot() {
        assertThat(Misbehaviour.OTHER_TARGET.found(LOAD, 1).replay()).containsExactly(Kind.NOT_AS_PLANNED);
        assertThat(Misbehaviour.CHEAP_AT_ONCE.found(LOAD, 1).replay())
                .containsExactly(Kind.RULE_BROKEN, Kind.NOT_AS_PLANNED);
        assertThat(Misbehaviour.OTHER_PLAN.found(LOAD, 1).replay())
                .containsExactly(Kind.RULE_BROKEN, Kind.PLAN_DIFFERS);
        assertThat(Misbehaviour.NO_PLAN.found(LOAD, 1).replay()).contains(Kind.PLAN_MISSING);
        assertThat(Misbehaviour.QUEUE_JUMPED.found(LOAD, 1).replay()).contains(Kind.OPEN_SET_DIFFERS);
        assertThat(Misbehaviour.FALSE_REFUSALS.found(LOAD, 1).replay()).isEmpty();
        assertThat(Misbehaviour.SLOTS_HIDDEN.found(LOAD, 1).replay()).isEmpty();
        assertThat(Misbehaviour.ARRIVAL_LATE.found(LOAD, 1).replay()).isEmpty();
    }

    @Test
    void anOperatorThatLiesAboutItsProvidersHidesEverything() {
        assertThat(StakeRun.behindLies(LOAD, 1)).satisfies(lies -> {
            assertThat(lies.whole()).isPositive();
            assertThat(lies.replayed()).isZero();
            assertThat(lies.proved()).isZero();
        });
    }

    @Test
    void anHonestLaneIsProvedOfNothing() {
        StakeRun.Found honest = StakeRun.inHonestLane(LOAD, 1);

        assertThat(honest.replayed()).isZero();
        assertThat(honest.proved()).isZero();
    }
}
