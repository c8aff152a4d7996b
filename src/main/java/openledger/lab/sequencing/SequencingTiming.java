package openledger.lab.sequencing;

import java.time.Duration;
import openledger.commitment.BatchCut;
import openledger.commitment.BatchHeader;
import openledger.routing.RetryGrid;

/**
 * How long the steps from a plan to its confirmation take.
 *
 * @param name in tables
 * @param epoch after which the requests that wait are given their plans
 * @param block from one block of the chain to the next
 * @param cadence when a batch is cut
 * @param making mean time from the cut of a batch until its transaction is sent, ms
 * @param spread of that time, as a coefficient of variation
 * @param way to a node, ms, one way
 * @param sealing how long before a block a transaction must be there to be in it, ms
 * @param hearing from a block until the router has heard of it and what is in it, ms
 */
public record SequencingTiming(
        String name,
        Duration epoch,
        Duration block,
        Cadence cadence,
        double making,
        double spread,
        double way,
        double sealing,
        double hearing) {
    private static final double MAKING = 10;
    private static final Duration GRID_STEP = Duration.ofMillis(400);
    private static final Duration PLAN_WAIT = Duration.ofMillis(50);
    private static final Duration BETWEEN_FULL = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /**
     * The timing behind the 300 to 450 ms that were observed: epochs and blocks of 200 ms in step, a transaction that is 20 ms on
     * its way and must be there one block before the one that has it, 50 ms until that is heard of.
     */
    static final SequencingTiming REFERENCE = new SequencingTiming(
            "reference", Duration.ofMillis(200), Duration.ofMillis(200), Cadence.EACH_EPOCH, 20, 0, 0, 200, 50);

    /** When a batch is cut that has plans. */
    public enum Cadence {
        /** At the end of each epoch, whenever blocks come. */
        EACH_EPOCH,
        /** At the last moment to get into the next block, as the product does. */
        LAST_MOMENT
    }

    /** Ours on a chain with such blocks, whose node is near: 15 ms there of which 5 are the way, 10 ms back. */
    public static SequencingTiming ours(Duration block) {
        return ours("", block, 5, 10);
    }

    /** The same with a node that is far away: 35 ms there of which 25 are the way, 40 ms back. */
    static SequencingTiming far(Duration block) {
        return ours(", node far away", block, 25, 40);
    }

    private static SequencingTiming ours(String words, Duration block, double way, double back) {
        return new SequencingTiming(
                block.toMillis() / 1e3 + " s" + words,
                Duration.ofMillis(100),
                block,
                Cadence.LAST_MOMENT,
                MAKING,
                0.5,
                way,
                0,
                back);
    }

    /** When the requests may be attempted again: each 400 ms, as is the product's default. */
    RetryGrid grid() {
        return new RetryGrid(epoch, (int) GRID_STEP.dividedBy(epoch));
    }

    /** The product's rule for it. */
    public BatchCut cut() {
        return new BatchCut(
                BatchHeader.MOST_LEAVES,
                cadence == Cadence.EACH_EPOCH ? Duration.ZERO : PLAN_WAIT,
                block,
                BETWEEN_FULL,
                LONGEST_WAIT);
    }

    public double blockMillis() {
        return block.toMillis();
    }
}
