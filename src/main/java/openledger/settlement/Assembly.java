package openledger.settlement;

import java.util.List;
import openledger.settlement.DecisionSource.Placed;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/** Makes a batch of decisions; takes some milliseconds for a full one. Pure, safe for several threads. */
public interface Assembly {
    /** The next batch of a lane; the same decisions give the same batch. */
    CutBatch assemble(Place place, List<Placed> decisions);

    /**
     * Where the batch stands.
     *
     * @param previousHead head of the batch before
     * @param policyHash names the newest policy that its leaves are under
     * @param lastSnapshot of the batch before
     */
    record Place(
            long chainId,
            Address registry,
            LaneId lane,
            long sequence,
            Hash32 previousHead,
            Hash32 policyHash,
            long lastSnapshot) {}
}
