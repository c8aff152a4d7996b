package openledger.routing.allocation;

import openledger.routing.RouteShape;
import openledger.unit.RequestKey;

/**
 * A request that waits for its plan, as a snapshot shows it.
 *
 * @param key what it is called in public
 * @param tenant index into the snapshot's tenants
 * @param route index into the snapshot's routes
 * @param arrival number of the snapshot that ended the epoch of its arrival; its retry grid begins there
 * @param spentBefore attempts it had spent before: 0 but for one whose client left and came back
 * @param turn its place in the public order, at least {@code arrival}; see {@link Turns}
 */
public record OpenRequest(RequestKey key, int tenant, int route, long arrival, int spentBefore, long turn) {
    /** Turn of a request that has none yet: it has arrived in the epoch that the snapshot ends. */
    public static final long NO_TURN = -1;

    /** Its number in the lane. */
    public long counter() {
        return key.counter();
    }

    /** The same with its turn. */
    public OpenRequest inTurn(long given) {
        return new OpenRequest(key, tenant, route, arrival, spentBefore, given);
    }

    /** Attempts spent by the snapshot of that number, on a route of that shape. */
    public long spentBy(long snapshot, RouteShape shape) {
        return shape.spentBy(snapshot, spentBefore, arrival);
    }
}
