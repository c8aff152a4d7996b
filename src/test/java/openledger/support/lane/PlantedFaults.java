package openledger.support.lane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.log.LogEdge;
import openledger.commitment.stake.VaultFault;
import openledger.routing.DecisionStatus;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;

/** Misroutes of every kind in the batches of a {@link LyingLane}, among honest leaves. Confined to one thread. */
public final class PlantedFaults {
    /** What leaves show alone. */
    public static final List<VaultFault> ALONE = List.of(
            VaultFault.OUT_OF_RANGE,
            VaultFault.CONTRADICTS_ITSELF,
            VaultFault.OUTSIDE_HEADER,
            VaultFault.OVER_BUDGET,
            VaultFault.ROUTE_UNPUBLISHED,
            VaultFault.WRONG_BUDGET,
            VaultFault.FELL_BACK_EARLY,
            VaultFault.EXHAUSTED_EARLY,
            VaultFault.PLAN_UNFOUNDED);
    /** What leaves show beside each other. */
    public static final List<VaultFault> TOGETHER = List.of(
            VaultFault.NOT_AS_PLANNED,
            VaultFault.PLAN_AFTER_OUTCOME,
            VaultFault.TWICE,
            VaultFault.OVERTAKEN,
            VaultFault.PLAN_MISSING);

    private static final int BUDGET = 3;

    private final LyingLane lane;
    private final HandLane hand;

    public PlantedFaults(LyingLane lane) {
        this.lane = lane;
        this.hand = lane.hand;
    }

    /** A batch with nothing wrong in it. */
    public HandLane.Batch honest(int leaves) {
        return lane.commit(hand.batch(honestLeaves(leaves)));
    }

    private Leaf[] honestLeaves(int leaves) {
        Leaf[] all = new Leaf[leaves];
        Arrays.setAll(all, at -> hand.fast(hand.key(hand.next())));
        return all;
    }

    /** {@link #ALONE}, in one batch with an honest leaf. */
    public void alone() {
        List<byte[]> leaves = new ArrayList<>();
        long snapshot = hand.snapshot();
        leaves.add(hand.noise());
        leaves.add(encoded(end(BUDGET, 3, DecisionStatus.SERVED, 1, 2)));
        leaves.add(encoded(hand.plan(hand.key(hand.next()), snapshot + 1_000)));
        leaves.add(encoded(end(BUDGET, 4, DecisionStatus.EXHAUSTED, Leaf.NO_TIER, Leaf.NO_TARGET)));
        leaves.add(encoded(hand.ended(
                hand.key(hand.next()),
                LeafMode.FAST,
                new RouteId(9),
                BUDGET,
                1,
                Leaf.NO_SNAPSHOT,
                DecisionStatus.SERVED,
                0,
                1)));
        leaves.add(encoded(end(4, 1, DecisionStatus.SERVED, 0, 1)));
        leaves.add(encoded(end(BUDGET, 1, DecisionStatus.FELL_BACK, 1, 2)));
        leaves.add(encoded(end(BUDGET, 1, DecisionStatus.EXHAUSTED, Leaf.NO_TIER, Leaf.NO_TARGET)));
        leaves.add(encoded(hand.plan(hand.key(hand.next()), snapshot, snapshot, snapshot, 9)));
        leaves.add(encoded(hand.fast(hand.key(hand.next()))));
        lane.commit(hand.batch(leaves));
    }

    private Leaf end(int budget, int attempts, DecisionStatus status, int tier, int target) {
        return hand.ended(
                hand.key(hand.next()),
                LeafMode.FAST,
                HandLane.ROUTE,
                budget,
                attempts,
                Leaf.NO_SNAPSHOT,
                status,
                tier,
                target);
    }

    private static byte[] encoded(Leaf leaf) {
        return LeafEncoding.encode(leaf);
    }

    /** {@link #TOGETHER}, in three batches, the first of which has nothing wrong in it. */
    public void together() {
        RequestKey strayed = hand.key(hand.next());
        RequestKey twice = hand.key(hand.next());
        long first = hand.snapshot();
        lane.commit(hand.batch(hand.plan(strayed, first), hand.fast(twice), hand.plan(hand.key(hand.next()), first)));
        RequestKey unplanned = hand.key(hand.next());
        RequestKey late = hand.key(hand.next());
        long second = hand.snapshot();
        lane.commit(hand.batch(
                hand.confirmed(strayed, second),
                hand.confirmed(unplanned, second),
                hand.confirmed(late, second),
                hand.fast(hand.key(twice.counter())),
                hand.plan(hand.key(hand.next()), second, first - 1, first - 1, 0)));
        lane.commit(hand.batch(hand.plan(late, second)));
    }

    /** A header that calls a request ended that has no outcome: of the first number of the lane, which has to be left out before. */
    public void calledEnded(long through) {
        lane.commit(hand.batch(
                List.of(encoded(hand.fast(hand.key(hand.next())))), header -> HandLane.complete(header, through)));
    }

    /** A batch with nothing wrong in it, whose leaves are to be others in the log from now on: call {@link #fork} next. */
    public Fork beforeTheFork() {
        LogEdge before = hand.log();
        HandLane.Batch batch = honest(3);
        byte[] others = batch.leaves().clone();
        others[LeafEncoding.BYTES] ^= 1;
        return new Fork(batch.header().sequence(), before, others);
    }

    /** What the log is to have in place of a batch. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    public record Fork(long sequence, LogEdge before, byte[] others) {}

    /** Goes on with another log, and serves its leaves. */
    public void fork(Fork fork) {
        lane.serveInstead(fork.sequence, fork.others);
        hand.rewrite(fork.before.append(fork.others, LeafEncoding.BYTES).edge());
        honest(1);
    }

    /** Serves no leaves of a batch. */
    public void withheld() {
        HandLane.Batch batch = hand.batch(honestLeaves(3));
        lane.hide(batch.header().sequence());
        lane.commit(batch);
    }

    /** Serves no records of a batch. */
    public void recordsWithheld() {
        HandLane.Batch batch = hand.batch(honestLeaves(3));
        lane.hideRecords(batch.header().sequence());
        lane.commit(batch);
    }

    /** Signs another head of a batch for somebody else. */
    public void equivocated() {
        HandLane.Batch batch = hand.batch(honestLeaves(1));
        BatchHeader header = batch.header();
        lane.showAnother(HandLane.complete(header, header.completeThrough() + 1));
        lane.commit(batch);
    }
}
