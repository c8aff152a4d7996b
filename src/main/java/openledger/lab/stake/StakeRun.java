package openledger.lab.stake;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import openledger.audit.PublishedBatch;
import openledger.lab.stake.StakeLane.Chance;
import openledger.lab.stake.StakeLane.Pen;
import openledger.lab.stake.StakeLane.Served;
import openledger.unit.Hash32;

/**
 * The effect of stake on one operator at one load. All are numbers of requests.
 *
 * @param decisions of the lane
 * @param without lazy fall-backs of a lane without stake
 * @param sampled the same with stake and a sampled audit
 * @param full the same with stake and a full replay
 * @param traced of the lazy fall-backs without stake, those that contradict the plan
 * @param convictedSampled of those, what a replay of each batch by itself finds
 * @param convictedFull of those, what a replay of all batches in order finds
 */
record StakeRun(
        double decisions,
        double without,
        double sampled,
        double full,
        double traced,
        double convictedSampled,
        double convictedFull) {

    /**
     * The terms, as {@code docs/explanation/0016-stake-experiment.md} has them.
     *
     * @param auditShare of the batches that are replayed, 0 to 1
     * @param slash for each proved misroute, in mean gains at a load of one half
     */
    record Terms(double auditShare, double slash) {
        static final Terms WRITTEN_DOWN = new Terms(0.02, 7);
    }

    /** Mean gain of a lazy fall-back: slots are worth more under load. */
    static double meanGain(double load) {
        return 0.6 + 0.8 * load;
    }

    /** One operator. */
    static StakeRun of(double load, long seed, Terms terms) {
        StakeLane lane = StakeLane.of(load, seed);
        List<Chance> chances = lane.chances(meanGain(load));
        List<PublishedBatch> published = lane.publish(StakeLane.lazyAt(chances));
        Predicate<Chance> sampled = within(lane, StakeLane.convictedBatchByBatch(published));
        Predicate<Chance> full = within(lane, StakeLane.convictedByFullReplay(published));
        int traced = count(chances, Chance::leavesTrace);
        double sample = terms.auditShare * share(count(chances, sampled), traced);
        return new StakeRun(
                lane.served().size(),
                chances.size(),
                count(chances, chance -> chance.gain() > (chance.leavesTrace() ? terms.slash * sample : 0)),
                count(chances, chance -> chance.gain() > (full.test(chance) ? terms.slash : 0)),
                traced,
                count(chances, sampled),
                count(chances, full));
    }

    /** Requests of an honest lane about which a full replay finds something. */
    static int convictedOfNothing(double load, long seed) {
        StakeLane lane = StakeLane.of(load, seed);
        return StakeLane.convictedByFullReplay(lane.publish(Pen.HONEST)).size();
    }

    /** Of the lazy fall-backs of an operator that says of each that its calls were refused, those a full replay leaves alone, 0 to 1. */
    static double hiddenByLies(double load, long seed) {
        StakeLane lane = StakeLane.of(load, seed);
        List<Chance> chances = lane.chances(meanGain(load));
        Predicate<Chance> found = within(lane, StakeLane.convictedByFullReplay(lane.publish(lying(chances))));
        return 1 - share(count(chances, found), chances.size());
    }

    private static Predicate<Chance> within(StakeLane lane, Set<Hash32> convicted) {
        return chance -> convicted.contains(lane.key(chance.served().arrival()).word());
    }

    /** Says of every request it is lazy at that its calls were refused, whether or not there was congestion. */
    private static Pen lying(List<Chance> chances) {
        Set<Served> lazy = Set.copyOf(chances.stream().map(Chance::served).toList());
        return new Pen() {
            @Override
            public void end(Served served, LabLane to) {
                if (lazy.contains(served)) {
                    StakeLane.behindRefusals(served, to);
                } else {
                    HONEST.end(served, to);
                }
            }
        };
    }

    private static int count(List<Chance> chances, Predicate<Chance> which) {
        return (int) chances.stream().filter(which).count();
    }

    private static double share(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
