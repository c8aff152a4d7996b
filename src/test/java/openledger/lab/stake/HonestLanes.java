package openledger.lab.stake;

import java.util.List;
import openledger.audit.PublishedBatch;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.lab.stake.StakeLane.Pen;

/** Lanes of the lab whose operator writes what happened. */
public final class HonestLanes {
    /** From a half-empty market to one that is nearly full. */
    public static final List<Double> LOADS = List.of(0.5, 0.7, 0.8, 0.9, 0.95);

    private HonestLanes() {}

    /** All batches of one, in order. */
    public static List<PublishedBatch> of(double load, long seed) {
        return StakeLane.of(load, seed).publish(Pen.HONEST);
    }

    /** What they have published of their route: cumulative attempts of its tiers. */
    public static List<Integer> upTo() {
        return OneStepProofs.published() instanceof Said<List<Integer>>(var upTo) ? upTo : List.of();
    }
}
