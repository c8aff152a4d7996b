package openledger.routing.allocation;

import java.util.List;

/**
 * Gives the requests that arrived in an epoch their turns. A turn is a place in the public order, not a time to wait for: who
 * is next gets a slot that is free, whatever its turn.
 *
 * <p>A request's turn is the epoch of its arrival. But while more requests of a route are open than its best tier has free slots,
 * a tenant has only so many in turn that, with what it was granted lately, they are no more than the mean of the tenants with open
 * requests plus its share of the free slots, ⌈free slots / those tenants⌉ and at least one. What is beyond is surplus: its turn is
 * behind that of everybody who arrives while it may wait for the best tier, and one later for each share of surplus the tenant has
 * open already. So who sends many queues behind itself; and since grants are forgotten, nobody stays behind for long. Turns that went
 * further and further away with what was sent, not with what was granted, starved those who send much: see {@code
 * docs/explanation/0014-confirmed-mode.md}. Pure.
 */
final class Turns {
    private static final int NO_BOUND = Integer.MAX_VALUE;

    private final long now;
    /** Epochs a request of a route may wait for its best tier. */
    private final long[] patience;

    private final int[] share;
    /** How many each tenant may have in turn, by route and tenant. */
    private final long[][] bound;

    private final long[][] inTurn;
    private final long[][] surplus;

    Turns(Snapshot snapshot, int[] freeOfRoute) {
        int routes = snapshot.routes().size();
        int tenants = snapshot.tenants().size();
        this.now = snapshot.number();
        this.patience = snapshot.routes().stream()
                .mapToLong(route -> (long) route.tiers().getFirst().attempts() * route.gridEpochs())
                .toArray();
        this.share = new int[routes];
        this.bound = new long[routes][tenants];
        this.inTurn = new long[routes][tenants];
        this.surplus = new long[routes][tenants];
        int[][] open = new int[routes][tenants];
        for (OpenRequest request : snapshot.open()) {
            int route = request.route();
            open[route][request.tenant()]++;
            if (request.turn() != OpenRequest.NO_TURN) {
                (request.turn() == request.arrival() ? inTurn : surplus)[route][request.tenant()]++;
            }
        }
        for (int route = 0; route < routes; route++) {
            bind(route, open[route], freeOfRoute[route], snapshot);
        }
    }

    private void bind(int route, int[] open, int free, Snapshot snapshot) {
        long requests = 0;
        long tenants = 0;
        long granted = 0;
        for (int tenant = 0; tenant < open.length; tenant++) {
            if (open[tenant] > 0) {
                requests += open[tenant];
                tenants++;
                granted += snapshot.tenants().get(tenant).deficit();
            }
        }
        if (requests <= free) {
            share[route] = NO_BOUND;
            return;
        }
        share[route] = Math.max(1, Math.ceilDiv(free, (int) tenants));
        long most = Math.ceilDiv(granted, tenants) + share[route];
        for (int tenant = 0; tenant < open.length; tenant++) {
            bound[route][tenant] = most - snapshot.tenants().get(tenant).deficit();
        }
    }

    /** Gives turns to the newcomers, which stand in the order of their lots. */
    List<OpenRequest> give(List<OpenRequest> newcomers) {
        return newcomers.stream().map(this::give).toList();
    }

    private OpenRequest give(OpenRequest newcomer) {
        int route = newcomer.route();
        int tenant = newcomer.tenant();
        if (share[route] == NO_BOUND || inTurn[route][tenant] < bound[route][tenant]) {
            inTurn[route][tenant]++;
            return newcomer.inTurn(now);
        }
        long behind = surplus[route][tenant]++ / share[route];
        return newcomer.inTurn(now + patience[route] + behind);
    }
}
