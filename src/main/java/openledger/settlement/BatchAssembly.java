package openledger.settlement;

import java.util.ArrayList;
import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.Keccak256;
import openledger.commitment.LaneSecret;
import openledger.commitment.Leaf;
import openledger.commitment.LeafEncoding;
import openledger.commitment.MerkleTree;
import openledger.inference.Decision;
import openledger.settlement.DecisionSource.Placed;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * Makes a batch of decisions in journal order. Pure: the same decisions after the same batch give the same bytes. Safe for
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
     */
    public record Predecessor(long sequence, Hash32 head, long lastSnapshot) {
        /** Of the first batch of a lane. */
        public static final Predecessor NONE = new Predecessor(0, Hash32.ZERO, 0);

        /** Of the batch that comes after {@code batch}. */
        public static Predecessor of(CutBatch batch) {
            return new Predecessor(
                    batch.header().sequence(), batch.head(), batch.header().lastSnapshot());
        }
    }

    /**
     * Cuts a batch that takes all of {@code decisions} and ends behind the last.
     *
     * @param policyHash of a policy that the lane has published, with every route version among the decisions published
     * @param decisions 1 to 1_200
     */
    public CutBatch cut(Predecessor before, Hash32 policyHash, List<Placed> decisions) {
        int count = decisions.size();
        if (count == 0 || count > BatchHeader.MOST_LEAVES) {
            throw new IllegalArgumentException("a batch has 1..1200 decisions: " + count);
        }
        LeafMaker maker = new LeafMaker(secret);
        byte[] leaves = new byte[count * LeafEncoding.BYTES];
        List<Long> counters = new ArrayList<>(count);
        List<ReplayRecord> replays = new ArrayList<>(count);
        Stretch stretch = new Stretch();
        for (int i = 0; i < count; i++) {
            Decision decision = decisions.get(i).decision();
            Leaf leaf = maker.outcome(decision);
            LeafEncoding.encode(leaf, leaves, i * LeafEncoding.BYTES);
            counters.add(decision.id().counter());
            replays.add(maker.replay(decision));
            stretch.add(decision.id().counter(), leaf.timeMillis());
        }
        byte[] records = ReplayEncoding.write(replays);
        BatchHeader header = new BatchHeader(
                chainId,
                registry,
                lane,
                before.sequence + 1,
                before.head,
                policyHash,
                before.lastSnapshot + 1,
                before.lastSnapshot,
                Hash32.ZERO,
                stretch.firstCounter,
                stretch.lastCounter,
                count,
                count,
                MerkleTree.of(leaves).root(),
                Hash32.of(Keccak256.digest(leaves)),
                Hash32.of(Keccak256.digest(records)),
                stretch.firstMillis,
                stretch.lastMillis);
        return new CutBatch(
                header,
                header.head(),
                leaves,
                List.copyOf(counters),
                records,
                decisions.getLast().behind());
    }

    /** From where to where the leaves go; they are in the order of their ends, not of their arrivals. */
    private static final class Stretch {
        private long firstCounter = Long.MAX_VALUE;
        private long lastCounter;
        private long firstMillis = Long.MAX_VALUE;
        private long lastMillis;

        void add(long counter, long millis) {
            firstCounter = Math.min(firstCounter, counter);
            lastCounter = Math.max(lastCounter, counter);
            firstMillis = Math.min(firstMillis, millis);
            lastMillis = Math.max(lastMillis, millis);
        }
    }
}
