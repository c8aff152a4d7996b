package openledger.lab.stake;

import java.util.HashSet;
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
 * @param temptation the chances, and what leaves prove of them
 */
record StakeRun(
        double decisions,
        double without,
        double sampled,
        double full,
        double traced,
        double convictedSampled,
        double convictedFull,
        Temptation temptation) {
    /** Those of {@code docs/explanation/0016-stake-experiment.md}, which knew no reporter. */
    static final Terms OF_NOTE_16 = new Terms(0.02, 7, 0);

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
        double sample = terms.auditShare() * share(count(chances, sampled), traced);
        return new StakeRun(
                lane.served().size(),
                chances.size(),
                count(chances, chance -> chance.gain() > (chance.leavesTrace() ? terms.burned() * sample : 0)),
                count(chances, chance -> chance.gain() > (full.test(chance) ? terms.burned() : 0)),
                traced,
                count(chances, sampled),
                count(chances, full),
                Temptation.of(lane, chances, OneStepProofs.of(published)));
    }

    /**
     * Something that is not found, or not to be found.
     *
     * @param whole requests that it is of
     * @param replayed of these, found by a full replay
     * @param proved of these, proved in one step or won as a game
     */
    record Found(double whole, double replayed, double proved) {}

    /** Of the requests of an honest lane. */
    static Found inHonestLane(double load, long seed) {
        StakeLane lane = StakeLane.of(load, seed);
        List<PublishedBatch> published = lane.publish(Pen.HONEST);
        return new Found(
                lane.served().size(),
                StakeLane.convictedByFullReplay(published).size(),
                proved(published).size());
    }

    /** Of the lazy fall-backs of an operator that says of each that its calls were refused. */
    static Found behindLies(double load, long seed) {
        StakeLane lane = StakeLane.of(load, seed);
        List<Chance> chances = lane.chances(meanGain(load));
        List<PublishedBatch> published = lane.publish(lying(chances));
        return new Found(
                chances.size(),
                count(chances, within(lane, StakeLane.convictedByFullReplay(published))),
                count(chances, within(lane, proved(published))));
    }

    private static Set<Hash32> proved(List<PublishedBatch> published) {
        OneStepProofs proofs = OneStepProofs.of(published);
        Set<Hash32> all = new HashSet<>(proofs.convicted());
        all.addAll(proofs.unplanned());
        return all;
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
