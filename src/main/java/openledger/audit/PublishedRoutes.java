package openledger.audit;

import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Silent;

/** What a lane has published of its routes, as far as it was read. */
@FunctionalInterface
public interface PublishedRoutes {
    /** Nothing was read. */
    PublishedRoutes NONE = (header, leaf) -> new Silent<>("no policy was read.");

    /**
     * Of the route of a leaf: cumulative attempts up to and including each tier, best first; empty if the lane has no such route.
     *
     * @param header of the leaf's batch
     */
    NodeTestimony<List<Integer>> upTo(BatchHeader header, Leaf leaf);
}
