package openledger.lab.stake;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import openledger.lab.stake.StakeLane.Chance;
import openledger.unit.Hash32;

/**
 * What a lane tempts its operator with, and what leaves prove of it. Gains are in mean gains at a load of one half. The arrays belong to
 * the record and are not changed.
 *
 * @param decisions of the lane
 * @param leaves of the lane
 * @param traced gains of the chances off the plan
 * @param hidden gains of those behind congestion, which no proof touches
 * @param provenByLeaf of the chances off the plan, convicted by one leaf
 * @param proven of these, convicted by one leaf or by two
 */
@SuppressWarnings("ArrayRecordComponent") // thousands of numbers that nobody compares
record Temptation(
        double decisions, double leaves, double[] traced, double[] hidden, double provenByLeaf, double proven) {

    /** That of a lane, if all of its chances are taken. */
    static Temptation of(StakeLane lane, List<Chance> chances, OneStepProofs proofs) {
        Set<Hash32> convicted = proofs.convicted();
        return new Temptation(
                lane.served().size(),
                proofs.leaves(),
                gains(chances, Chance::leavesTrace),
                gains(chances, chance -> !chance.leavesTrace()),
                count(lane, chances, proofs.byLeaf()),
                count(lane, chances, convicted));
    }

    /** The same without a look at leaves: nothing counts as proven. */
    static Temptation unproved(StakeLane lane, List<Chance> chances) {
        return of(lane, chances, OneStepProofs.of(List.of()));
    }

    private static double[] gains(List<Chance> chances, Predicate<Chance> which) {
        return chances.stream().filter(which).mapToDouble(Chance::gain).toArray();
    }

    private static double count(StakeLane lane, List<Chance> chances, Set<Hash32> convicted) {
        return chances.stream()
                .filter(Chance::leavesTrace)
                .filter(chance ->
                        convicted.contains(lane.key(chance.served().arrival()).word()))
                .count();
    }

    /** Those of several lanes as one. */
    static Temptation together(List<Temptation> all) {
        return new Temptation(
                all.stream().mapToDouble(Temptation::decisions).sum(),
                all.stream().mapToDouble(Temptation::leaves).sum(),
                all.stream().flatMapToDouble(one -> Arrays.stream(one.traced)).toArray(),
                all.stream().flatMapToDouble(one -> Arrays.stream(one.hidden)).toArray(),
                all.stream().mapToDouble(Temptation::provenByLeaf).sum(),
                all.stream().mapToDouble(Temptation::proven).sum());
    }

    /** Of the acts off the plan, the share that has a proof of one step; 0 to 1. */
    double conviction() {
        return traced.length == 0 ? 0 : proven / traced.length;
    }

    /** Lazy fall-backs without stake. */
    double chances() {
        return (double) traced.length + hidden.length;
    }

    /** What an operator expects to lose for an act off the plan that costs it so much once proved. */
    double expectedLoss(Terms terms, double cost) {
        return terms.auditShare() * conviction() * cost;
    }

    /** Chances off the plan whose gain is above a loss. */
    double worth(double loss) {
        return Arrays.stream(traced).filter(gain -> gain > loss).count();
    }

    /** Lazy fall-backs that remain if a proved one costs so much. */
    double remaining(Terms terms, double cost) {
        return hidden.length + worth(expectedLoss(terms, cost));
    }

    /** What all acts off the plan are worth, a decision. */
    double gainPerDecision() {
        return decisions == 0 ? 0 : Arrays.stream(traced).sum() / decisions;
    }
}
