package openledger.routing;

import java.util.Arrays;
import java.util.List;

/**
 * Gives the requests that arrived in an epoch their turns. A turn is a place in the public order, not a time to wait for: who
 * is next gets a slot that is free, whatever its turn.
 *
 * <p>A request's turn is the epoch of its arrival. But while more requests of a route are open than its best tier has free
 * slots, a tenant gets no more turns of an epoch than its share, ⌈free slots / tenants with open requests⌉ and at least one;
 * what is beyond goes to the epochs after it. So who sends many queues behind itself (after start-time fair queueing: Goyal,
 * Vin and Cheng, 1997). Pure.
 */
final class Turns {
    private final int[] share;
    private final long[][] last;
    private final int[][] taken;

    Turns(Snapshot snapshot, int[] freeOfRoute) {
        int routes = snapshot.routes().size();
        int tenants = snapshot.tenants().size();
        this.last = new long[routes][tenants];
        this.taken = new int[routes][tenants];
        this.share = shares(snapshot, freeOfRoute);
        for (long[] ofRoute : last) {
            Arrays.fill(ofRoute, snapshot.number());
        }
        for (OpenRequest request : snapshot.open()) {
            if (request.turn() >= snapshot.number()) {
                occupy(request);
            }
        }
    }

    private static int[] shares(Snapshot snapshot, int[] freeOfRoute) {
        int routes = freeOfRoute.length;
        int[] open = new int[routes];
        int[] tenants = new int[routes];
        boolean[][] seen = new boolean[routes][snapshot.tenants().size()];
        for (OpenRequest request : snapshot.open()) {
            int route = request.route();
            open[route]++;
            if (!seen[route][request.tenant()]) {
                seen[route][request.tenant()] = true;
                tenants[route]++;
            }
        }
        int[] share = new int[routes];
        for (int route = 0; route < routes; route++) {
            int free = freeOfRoute[route];
            share[route] = open[route] <= free ? Integer.MAX_VALUE : Math.max(1, Math.ceilDiv(free, tenants[route]));
        }
        return share;
    }

    private void occupy(OpenRequest request) {
        int route = request.route();
        int tenant = request.tenant();
        if (request.turn() > last[route][tenant]) {
            last[route][tenant] = request.turn();
            taken[route][tenant] = 0;
        }
        if (request.turn() == last[route][tenant]) {
            taken[route][tenant]++;
        }
    }

    /** Gives turns to the newcomers, which stand in the order of their lots. */
    List<OpenRequest> give(List<OpenRequest> newcomers) {
        return newcomers.stream().map(this::give).toList();
    }

    private OpenRequest give(OpenRequest newcomer) {
        int route = newcomer.route();
        int tenant = newcomer.tenant();
        if (taken[route][tenant] >= share[route]) {
            last[route][tenant]++;
            taken[route][tenant] = 0;
        }
        taken[route][tenant]++;
        return newcomer.inTurn(last[route][tenant]);
    }
}
