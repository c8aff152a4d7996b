package openledger.cli.watch;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import openledger.audit.charge.BatchContent;
import openledger.audit.court.LaneChain;
import openledger.audit.court.LaneChain.RouteTerms;
import openledger.commitment.leaf.LeafEncoding;
import openledger.unit.LaneId;
import openledger.unit.RouteId;

/** What a lane has published of its routes, as the chain has it; each is asked for once. Blocks. Confined to one thread. */
final class RouteBook {
    private final LaneId lane;
    private final LaneChain chain;
    private final Map<RouteId, RouteTerms> routes = new HashMap<>();

    RouteBook(LaneId lane, LaneChain chain) {
        this.lane = lane;
        this.chain = chain;
    }

    /** What the lane has published of the routes that the leaves of a batch name. */
    Map<RouteId, RouteTerms> of(BatchContent batch) {
        Map<RouteId, RouteTerms> published = new HashMap<>();
        for (int at = 0; at < batch.bytes().length; at += LeafEncoding.BYTES) {
            try {
                RouteId id = LeafEncoding.decode(Arrays.copyOfRange(batch.bytes(), at, at + LeafEncoding.BYTES))
                        .route();
                published.computeIfAbsent(id, this::route);
            } catch (IllegalArgumentException notALeaf) {
                // It is of no route.
            }
        }
        return published;
    }

    private RouteTerms route(RouteId id) {
        RouteTerms known = routes.get(id);
        if (known == null) {
            known = Patience.await(chain.route(lane, id));
            // What is published stays; what is not may be.
            if (known.publishedAt() != 0) {
                routes.put(id, known);
            }
        }
        return known;
    }
}
