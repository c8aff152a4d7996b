package openledger.settlement.cut;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.LogEdge;
import openledger.inference.record.Decision;
import openledger.inference.record.PlannedRequest;
import openledger.settlement.cut.PlanSource.Entry;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * Makes a batch of plans and decisions, each in journal order. Pure: the same after the same batch give the same bytes. Safe for
 * several threads.
 *
 * @param chainId of the chain it is for
 * @param registry the contract it is for
 * @param lane whose decisions they are
 * @param secret the lane's
 */
public record BatchAssembly(long chainId, Address registry, LaneId lane, LaneSecret secret) {
    /**
     * The batch before.
     *
     * @param sequence its number, 0 if there is none
     * @param head its head, {@link Hash32#ZERO} if there is none
     * @param lastSnapshot its last snapshot, 0 if there is none
     * @param log of the lane as it was then
     * @param ended whose outcomes were in the log then
     */
    public record Predecessor(long sequence, Hash32 head, long lastSnapshot, LogEdge log, EndedRequests ended) {
        /** Of the first batch of a lane. */
        public static final Predecessor NONE = new Predecessor(0, Hash32.ZERO, 0, LogEdge.EMPTY, EndedRequests.NONE);

        /** Of the batch that comes after {@code batch}. */
        public static Predecessor of(CutBatch batch) {
            return new Predecessor(
                    batch.header().sequence(),
                    batch.head(),
                    batch.header().lastSnapshot(),
                    batch.log().edge(),
                    batch.ended());
        }
    }

    /**
     * Cuts a batch that takes all of {@code taken}: plans first.
     *
     * @param policyHash of a policy that the lane has published, with every route version among the leaves published
     * @param taken 1 to 1_200 plans and decisions; snapshots that follow the last of the batch before
     */
    public CutBatch cut(Predecessor before, Hash32 policyHash, BatchInput taken) {
        Leaves leaves = new Leaves(new LeafMaker(secret));
        List<byte[]> snapshots = new ArrayList<>();
        for (Entry entry : taken.plans()) {
            switch (entry) {
                case Entry.OfPlan(var plan, var behind) -> leaves.add(plan);
                case Entry.OfSnapshot(var number, var bytes, var behind) -> {
                    snapshots.add(bytes);
                    if (number != before.lastSnapshot + snapshots.size()) {
                        throw new IllegalStateException("snapshots have a gap: " + number + " comes after "
                                + (before.lastSnapshot + snapshots.size() - 1));
                    }
                }
            }
        }
        taken.decisions().forEach(placed -> leaves.add(placed.decision()));
        int count = leaves.counters.size();
        if (count == 0 || count > BatchHeader.MOST_LEAVES) {
            throw new IllegalArgumentException("a batch must have 1..1200 leaves: " + count);
        }
        byte[] bytes = leaves.bytes.toByteArray();
        byte[] records = ReplayEncoding.write(leaves.replays);
        LogEdge.Growth log = before.log.append(bytes, LeafEncoding.BYTES);
        int outcomes = taken.decisions().size();
        EndedRequests ended = before.ended.with(leaves.counters.subList(count - outcomes, count));
        BatchHeader header = new BatchHeader(
                chainId,
                registry,
                lane,
                before.sequence + 1,
                before.head,
                policyHash,
                before.lastSnapshot + 1,
                before.lastSnapshot + snapshots.size(),
                BatchHeader.snapshotRoot(snapshots),
                leaves.firstCounter,
                leaves.lastCounter,
                ended.completeThrough(),
                count,
                outcomes,
                log.edge().size(),
                log.edge().root(),
                HashedEntries.rootOf(ReplayEncoding.each(records)),
                leaves.firstMillis,
                leaves.lastMillis);
        return new CutBatch(
                header,
                header.head(),
                bytes,
                List.copyOf(leaves.counters),
                records,
                List.copyOf(snapshots),
                log,
                ended,
                taken.plansEnd(),
                taken.end());
    }

    /** Leaves in the making, and from where to where they go: they are in the order of the journal, not of their arrivals. */
    private static final class Leaves {
        private final LeafMaker maker;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Long> counters = new ArrayList<>();
        private final List<ReplayRecord> replays = new ArrayList<>();
        private long firstCounter = Long.MAX_VALUE;
        private long lastCounter;
        private long firstMillis = Long.MAX_VALUE;
        private long lastMillis;

        Leaves(LeafMaker maker) {
            this.maker = maker;
        }

        void add(PlannedRequest plan) {
            add(plan.id().counter(), maker.plan(plan), maker.replay(plan));
        }

        void add(Decision decision) {
            add(decision.id().counter(), maker.outcome(decision), maker.replay(decision));
        }

        private void add(long counter, Leaf leaf, ReplayRecord replay) {
            long millis = leaf.timeMillis();
            bytes.writeBytes(LeafEncoding.encode(leaf));
            counters.add(counter);
            replays.add(replay);
            firstCounter = Math.min(firstCounter, counter);
            lastCounter = Math.max(lastCounter, counter);
            firstMillis = Math.min(firstMillis, millis);
            lastMillis = Math.max(lastMillis, millis);
        }
    }
}
