package openledger.lab.stake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import openledger.audit.PlanReplay;
import openledger.audit.PublicOrder;
import openledger.audit.PublishedBatch;
import openledger.audit.ReplayReport;
import openledger.audit.ReplayVerdicts;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafFaults;
import openledger.commitment.leaf.ProvableFault;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.lab.stake.StakeLane.Chance;
import openledger.lab.stake.StakeLane.Pen;
import openledger.lab.world.Market;
import openledger.routing.Tier;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;

/** The rule book and the lab's lanes: who is honest is never convicted, and who leaves the plan is, by one leaf. */
final class HonestLeavesTest {
    private static final double[] LOADS = {0.5, 0.8, 0.95};
    /** Snapshots by which a plan is held back. */
    private static final long LATE = 8;

    private static NodeTestimony<List<Integer>> published() {
        List<Integer> upTo = new ArrayList<>();
        for (Tier tier : Market.REFERENCE.route().tiers()) {
            upTo.add((upTo.isEmpty() ? 0 : upTo.getLast()) + tier.attempts());
        }
        return new Said<>(upTo);
    }

    @Test
    void honestLanesAreConvictedOfNothing() {
        long leaves = 0;
        for (double load : LOADS) {
            List<PublishedBatch> lane = StakeLane.of(load, 1).publish(Pen.HONEST);
            PlanReplay replay = new PlanReplay(ReplayVerdicts.NOBODY, (header, leaf) -> published());
            lane.forEach(replay::take);
            ReplayReport report = replay.finish();

            assertThat(report.differences()).as("load %s", load).isEmpty();
            assertThat(report.unjudged()).isZero();
            assertThat(overtaken(plans(lane))).isEmpty();
            leaves += report.leaves();
        }
        assertThat(leaves).isGreaterThan(20_000);
    }

    /** {@link ProveHonest} has a million. */
    @Test
    void leavesOfHonestLanesProveNothing() {
        long leaves = 0;
        for (double load : LOADS) {
            for (long seed = 11; seed <= 13; seed++) {
                OneStepProofs proofs = OneStepProofs.of(HonestLanes.of(load, seed));

                assertThat(proofs.convicted())
                        .as("load %s, seed %d", load, seed)
                        .isEmpty();
                assertThat(proofs.unplanned()).isEmpty();
                leaves += proofs.leaves();
            }
        }
        assertThat(leaves).isGreaterThan(60_000);
    }

    @Test
    void anActOffThePlanIsProvedByItsOutcomeAlone() {
        StakeLane lane = StakeLane.of(0.8, 1);
        List<Chance> chances = lane.chances(1);
        Set<Hash32> acts = chances.stream()
                .filter(Chance::leavesTrace)
                .map(chance -> lane.key(chance.served().arrival()).word())
                .collect(Collectors.toSet());
        Set<Hash32> convicted = new HashSet<>();
        for (PublishedBatch batch : lane.publish(StakeLane.lazyAt(chances))) {
            for (Leaf leaf : batch.leaves()) {
                LeafFaults.of(leaf, batch.header(), published()).fault().ifPresent(fault -> {
                    assertThat(fault).isEqualTo(ProvableFault.FELL_BACK_EARLY);
                    assertThat(leaf.stage()).isInstanceOf(Stage.Ended.class);
                    convicted.add(leaf.request().word());
                });
            }
        }

        assertThat(convicted).isEqualTo(acts).isNotEmpty();
    }

    /** What the audit finds in one pass is what all pairs of plans prove. */
    @Test
    void whoIsHeldBackWasOvertakenAndTheAuditFindsIt() {
        for (double load : LOADS) {
            List<Leaf> plans = plans(StakeLane.of(load, 2).publish(Pen.HONEST));
            int provable = 0;
            int tried = 0;
            for (int at = plans.size() / 4; at < plans.size(); at += plans.size() / 30) {
                if (plans.get(at).selectedTier() != 0) {
                    continue;
                }
                List<Leaf> bent = new ArrayList<>(plans);
                Leaf late = later(bent.remove(at));
                int place = at;
                while (place < bent.size() && bent.get(place).snapshot() <= late.snapshot()) {
                    place++;
                }
                bent.add(place, late);
                tried++;
                Set<Hash32> pairs = overtaken(bent);
                assertThat(pairs).isSubsetOf(late.request().word());
                assertThat(audited(bent)).isEqualTo(pairs);
                provable += pairs.size();
            }
            assertThat(provable).as("load %s, of %d", load, tried).isGreaterThan(tried / 2);
        }
    }

    private static List<Leaf> plans(List<PublishedBatch> lane) {
        return lane.stream()
                .flatMap(batch -> batch.leaves().stream())
                .filter(leaf -> leaf.stage() instanceof Stage.Planned)
                .toList();
    }

    private static Leaf later(Leaf plan) {
        return new Leaf(
                plan.request(),
                plan.mode(),
                plan.cohort(),
                plan.route(),
                plan.budget(),
                plan.attempts(),
                plan.timeMillis(),
                plan.snapshot() + LATE,
                plan.selectedTier(),
                plan.selectedTarget(),
                plan.trigger(),
                plan.plan(),
                plan.stage());
    }

    /** Whoever any pair convicts the lane of having passed; of plans in the order of their snapshots. */
    private static Set<Hash32> overtaken(List<Leaf> plans) {
        Set<Hash32> passed = new HashSet<>();
        for (int i = 0; i < plans.size(); i++) {
            Leaf late = plans.get(i);
            long arrival = ((Stage.Planned) late.stage()).arrival();
            for (int j = i - 1; j >= 0 && plans.get(j).snapshot() >= arrival; j--) {
                if (LeafFaults.overtaken(late, plans.get(j)).map(Breach::fault).isPresent()) {
                    passed.add(late.request().word());
                }
            }
        }
        return passed;
    }

    private static Set<Hash32> audited(List<Leaf> plans) {
        PublicOrder order = new PublicOrder();
        return plans.stream()
                .filter(plan -> order.take(plan).isPresent())
                .map(plan -> plan.request().word())
                .collect(Collectors.toSet());
    }
}
