package openledger.inference;

import java.time.Duration;
import openledger.commitment.LaneSecret;
import openledger.routing.RetryGrid;
import openledger.unit.LaneId;

/**
 * What the way of a confirmed request needs beyond that of a fast one.
 *
 * @param plans where snapshots and plans are recorded
 * @param chain what the chain says of plans
 * @param secret the lane's, for tags of tenants and salts of requests
 * @param lane whose snapshots these are
 * @param epoch length of an epoch, 10 ms to 10 s; that of the routes' grids
 * @param mostHeld how many requests may wait for a plan at once, at least 1
 */
public record ConfirmedPorts(
        PlanJournal plans, Confirmations chain, LaneSecret secret, LaneId lane, Duration epoch, int mostHeld) {
    public ConfirmedPorts {
        if (epoch.compareTo(RetryGrid.SHORTEST_EPOCH) < 0 || epoch.compareTo(RetryGrid.LONGEST_EPOCH) > 0) {
            throw new IllegalArgumentException("an epoch is 10 ms to 10 s: " + epoch);
        }
        if (mostHeld < 1) {
            throw new IllegalArgumentException("at least one request may be held: " + mostHeld);
        }
    }
}
