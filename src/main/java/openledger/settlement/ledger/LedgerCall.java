package openledger.settlement.ledger;

import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.RouteId;

/** A call of the registry. */
public sealed interface LedgerCall {
    /**
     * Opens a lane; our account owns it and commits to it.
     *
     * @param salt from which, with our account, the lane's number follows
     * @param signer who signs its promises
     */
    record OpenLane(long salt, Address signer) implements LedgerCall {}

    /** Lets another key sign a lane's promises; the one before is retired for good. */
    record SetSigner(LaneId lane, Address signer) implements LedgerCall {}

    /**
     * Publishes a policy, before the first batch with a leaf under it.
     *
     * @param canonical its canonical text; never changed after construction
     * @param routes every route version of it
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes to be sent; compared by hash
    record PublishPolicy(LaneId lane, byte[] canonical, List<RouteBudget> routes) implements LedgerCall {}

    /**
     * Commits a batch.
     *
     * @param leaves all leaves, if they are to be posted as call data
     */
    record Commit(BatchHeader header, Optional<byte[]> leaves) implements LedgerCall {}

    /**
     * What a route version may spend.
     *
     * @param upTo cumulative attempts up to and including each tier, best first, 1 to 8 tiers; the last is the budget
     */
    record RouteBudget(RouteId route, List<Integer> upTo) {
        public RouteBudget {
            upTo = List.copyOf(upTo);
        }

        /** All attempts of all tiers. */
        public int budget() {
            return upTo.getLast();
        }
    }
}
