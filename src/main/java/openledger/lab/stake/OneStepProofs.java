package openledger.lab.stake;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.audit.PublicOrder;
import openledger.audit.PublishedBatch;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafFaults;
import openledger.commitment.leaf.PlacedLeaf;
import openledger.commitment.leaf.ProvableFault;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.lab.world.Market;
import openledger.routing.Tier;
import openledger.unit.Hash32;

/**
 * What the leaves of a lane prove in one step, by the rule book that contracts have too: without a snapshot, a replay or an answer of the
 * operator. Requests are named by their keys.
 *
 * @param byLeaf convicted by one leaf
 * @param byTwo convicted by two leaves of the lane
 * @param faults that were found
 * @param unplanned requests whose outcome names a plan that no batch has: whoever asks for it wins a game
 * @param leaves that were judged
 */
record OneStepProofs(
        Set<Hash32> byLeaf, Set<Hash32> byTwo, List<ProvableFault> faults, Set<Hash32> unplanned, long leaves) {
    OneStepProofs {
        byLeaf = Set.copyOf(byLeaf);
        byTwo = Set.copyOf(byTwo);
        faults = List.copyOf(faults);
        unplanned = Set.copyOf(unplanned);
    }

    /** Judges all leaves of a lane, in order, by the published route of the lab's market. */
    static OneStepProofs of(List<PublishedBatch> batches) {
        Judge judge = new Judge();
        batches.forEach(judge::take);
        return judge.done();
    }

    /** Convicted by any proof of one step. */
    Set<Hash32> convicted() {
        Set<Hash32> all = new HashSet<>(byLeaf);
        all.addAll(byTwo);
        return all;
    }

    /** What the lab's lanes have published of their route: cumulative attempts of its tiers. */
    static NodeTestimony<List<Integer>> published() {
        List<Integer> upTo = new ArrayList<>();
        for (Tier tier : Market.REFERENCE.route().tiers()) {
            upTo.add((upTo.isEmpty() ? 0 : upTo.getLast()) + tier.attempts());
        }
        return new Said<>(upTo);
    }

    /** Reads leaf after leaf. */
    private static final class Judge {
        private final NodeTestimony<List<Integer>> published = published();
        private final Map<Long, PlacedLeaf> plans = new HashMap<>();
        private final Map<Long, PlacedLeaf> outcomes = new HashMap<>();
        private final PublicOrder order = new PublicOrder();
        private final Set<Hash32> byLeaf = new HashSet<>();
        private final Set<Hash32> byTwo = new HashSet<>();
        private final Set<ProvableFault> faults = EnumSet.noneOf(ProvableFault.class);
        private long leaves;

        void take(PublishedBatch batch) {
            long index = batch.header().firstIndex();
            for (Leaf leaf : batch.leaves()) {
                LeafFaults.of(leaf, batch.header(), published).fault().ifPresent(fault -> convict(byLeaf, leaf, fault));
                take(new PlacedLeaf(leaf, batch.header().sequence(), index++));
                leaves++;
            }
        }

        private void take(PlacedLeaf placed) {
            Leaf leaf = placed.leaf();
            boolean isPlan = leaf.stage() instanceof Stage.Planned;
            PlacedLeaf before =
                    (isPlan ? plans : outcomes).putIfAbsent(leaf.request().counter(), placed);
            if (before != null) {
                byTwo(leaf, LeafFaults.twice(before, placed));
            }
            if (isPlan) {
                byTwo(leaf, order.take(leaf));
            }
        }

        private void byTwo(Leaf leaf, Optional<Breach> breach) {
            breach.ifPresent(found -> convict(byTwo, leaf, found.fault()));
        }

        private void convict(Set<Hash32> means, Leaf leaf, ProvableFault fault) {
            means.add(leaf.request().word());
            faults.add(fault);
        }

        OneStepProofs done() {
            Set<Hash32> unplanned = new HashSet<>();
            outcomes.forEach((counter, outcome) -> {
                PlacedLeaf plan = plans.get(counter);
                if (plan != null) {
                    byTwo(outcome.leaf(), LeafFaults.pair(plan, outcome));
                } else if (outcome.leaf().snapshot() != Leaf.NO_SNAPSHOT) {
                    unplanned.add(outcome.leaf().request().word());
                }
            });
            return new OneStepProofs(byLeaf, byTwo, List.copyOf(faults), unplanned, leaves);
        }
    }
}
