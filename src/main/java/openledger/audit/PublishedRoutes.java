package openledger.audit;

import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.Leaf;
import openledger.commitment.Testimony;
import openledger.commitment.Testimony.Silent;

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
    Testimony<List<Integer>> upTo(BatchHeader header, Leaf leaf);
}
