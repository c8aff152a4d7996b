package openledger.lab.stake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import openledger.audit.PublishedBatch;
import openledger.commitment.leaf.ProvableFault;
import openledger.lab.engine.Arrival;
import openledger.lab.stake.StakeLane.Pen;
import openledger.lab.stake.StakeLane.Served;
import openledger.routing.Plan;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What one leaf, two leaves and a game prove, and what only a replay finds. */
final class OneStepProofsTest {
    private static final double LOAD = 0.8;

    private static StakeLane lane;
    private static Served victim;

    @BeforeAll
    static void aLane() {
        lane = StakeLane.of(LOAD, 1);
        victim = lane.served().stream()
                .filter(Served::metNoCongestion)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anotherPlanThanTheOutcomesIsProvedByBothLeaves() {
        OneStepProofs proofs = OneStepProofs.of(lane.publish(planning(plan -> {
            List<Integer> places = new ArrayList<>(plan.places());
            // Not the first place, which the leaf has twice.
            Collections.swap(places, 1, places.size() - 1);
            return Optional.of(new Plan(
                    plan.snapshot(),
                    plan.arrival(),
                    plan.turn(),
                    plan.deficit(),
                    plan.rank(),
                    plan.open(),
                    plan.spent(),
                    places));
        })));

        assertThat(proofs.byLeaf()).isEmpty();
        assertThat(proofs.byTwo()).containsExactly(lane.key(victim.arrival()).word());
        assertThat(proofs.convicted()).isEqualTo(proofs.byTwo());
        assertThat(proofs.faults()).containsExactly(ProvableFault.NOT_AS_PLANNED);
        assertThat(proofs.unplanned()).isEmpty();
    }

    @Test
    void aPlanThatIsLeftOutIsAGameAndNoProof() {
        OneStepProofs proofs = OneStepProofs.of(lane.publish(planning(plan -> Optional.empty())));

        assertThat(proofs.convicted()).isEmpty();
        assertThat(proofs.unplanned())
                .containsExactly(lane.key(victim.arrival()).word());
    }

    @Test
    void twoLeavesOfOneNumberAreProved() {
        List<PublishedBatch> two = new ArrayList<>(lane.publish(Pen.HONEST));
        two.addAll(StakeLane.of(LOAD, 2).publish(Pen.HONEST));

        OneStepProofs proofs = OneStepProofs.of(two);

        assertThat(proofs.faults()).contains(ProvableFault.TWICE);
        assertThat(proofs.byTwo()).hasSizeGreaterThan(1_000);
    }

    @Test
    void eachMannerHasItsMeans() {
        assertThat(Misbehaviour.OTHER_TARGET.found(LOAD, 1).oneStep()).containsExactly(ProvableFault.NOT_AS_PLANNED);
        assertThat(Misbehaviour.CHEAP_AT_ONCE.found(LOAD, 1).oneStep())
                .containsExactly(ProvableFault.FELL_BACK_EARLY, ProvableFault.NOT_AS_PLANNED);
        assertThat(Misbehaviour.NO_PLAN.found(LOAD, 1)).satisfies(found -> {
            assertThat(found.oneStep()).isEmpty();
            assertThat(found.hasGame()).isTrue();
        });
        assertThat(Misbehaviour.QUEUE_JUMPED.found(LOAD, 1)).satisfies(found -> {
            assertThat(found.oneStep()).isEmpty();
            assertThat(found.hasGame()).isFalse();
            assertThat(found.replay()).isNotEmpty();
        });
        assertThat(Misbehaviour.FALSE_REFUSALS.found(LOAD, 1))
                .isEqualTo(new Misbehaviour.Found(List.of(), false, List.of()));
    }

    /** Another plan of the victim's, or none. */
    private interface Planning {
        Optional<Plan> of(Plan honest);
    }

    private static Pen planning(Planning planning) {
        return new Pen() {
            @Override
            public Optional<Plan> plan(Arrival arrival, Plan honest) {
                return arrival.equals(victim.arrival()) ? planning.of(honest) : Optional.of(honest);
            }
        };
    }
}
