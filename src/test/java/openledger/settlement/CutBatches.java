package openledger.settlement;

import java.util.ArrayList;
import java.util.List;
import openledger.commitment.leaf.LaneSecret;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.BatchInput;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.log.BatchData.Data;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/** Batches of one lane, one after another, of a chain and a registry that do not exist. */
public final class CutBatches {
    public static final LaneId LANE = new LaneId(TestDecisions.LANE);
    /** The counters of each batch begin with a multiple. */
    public static final long COUNTERS = 10_000;

    private final BatchAssembly assembly;
    private final List<CutBatch> cut = new ArrayList<>();
    private long snapshots;

    public CutBatches() {
        this(901);
    }

    /** Those of another chain. */
    public CutBatches(long chain) {
        this(chain, LANE);
    }

    /** Those of another lane. */
    public CutBatches(long chain, LaneId lane) {
        assembly = new BatchAssembly(
                chain, Address.parse("0x" + "22".repeat(20)), lane, new LaneSecret(new byte[LaneSecret.BYTES]));
    }

    /** One more batch, of so many outcomes. */
    public CutBatch outcomes(int count) {
        long first = COUNTERS * (cut.size() + 1L);
        return add(BatchInput.of(TestDecisions.placed(count, first, first)));
    }

    /** One more batch, of so many plans, each from a snapshot of its own. */
    public CutBatch plans(int count) {
        long first = snapshots + 1;
        snapshots += count;
        return add(TestDecisions.taken(first, snapshots, List.of()));
    }

    private CutBatch add(BatchInput taken) {
        Predecessor before = cut.isEmpty() ? Predecessor.NONE : Predecessor.of(cut.getLast());
        cut.add(assembly.cut(before, Hash32.ZERO, taken));
        return cut.getLast();
    }

    public List<CutBatch> all() {
        return List.copyOf(cut);
    }

    public static Data data(CutBatch batch) {
        return new Data(batch.leaves(), batch.records(), batch.snapshots());
    }
}
