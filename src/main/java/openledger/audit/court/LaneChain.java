package openledger.audit.court;

import io.smallrye.mutiny.Uni;
import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.unit.LaneId;
import openledger.unit.RouteId;

/** Port: what the registry has of any lane, read from a chain. Never blocks; every call has a time-out, and fails as those of {@link Court}. */
public interface LaneChain {
    /** How far the chain has come. */
    Uni<ChainTime> time();

    /**
     * Batches that were committed, oldest first: whatever a router says, this is what is to be served.
     *
     * @param from first block
     * @param to last block; read in ranges that nodes allow
     */
    Uni<List<Committed>> batches(LaneId lane, long from, long to);

    /** What a lane has published of a route; empty lists where it has not. */
    Uni<RouteTerms> route(LaneId lane, RouteId route);

    /**
     * A batch on chain.
     *
     * @param committedAt time of its block, Unix s
     * @param block its number
     */
    record Committed(BatchHeader header, long committedAt, long block) {}

    /**
     * What a route may spend.
     *
     * @param upTo cumulative attempts up to and including each tier, best first; empty if it is not published
     * @param publishedAt when, Unix s; 0 if it is not
     */
    record RouteTerms(List<Integer> upTo, long publishedAt) {
        public RouteTerms {
            upTo = List.copyOf(upTo);
        }
    }
}
