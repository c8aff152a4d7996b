package openledger.cluster;

import openledger.unit.LaneId;

/**
 * A lane and whoever holds it, as the database had it a moment ago. Immutable.
 *
 * @param fence of its hold: a lane that has changed hands since has a higher one
 * @param address {@code host:port} at which its holder takes requests of other routers, empty if it takes none
 * @param serves whether its holder takes requests for it, by a lease that has not expired; a lane that is only finished takes none
 */
public record ClusterMember(LaneId lane, long fence, String address, boolean serves) {
    /** Whether keys may be given to it. */
    public boolean takesKeys() {
        return serves && !address.isEmpty();
    }

    /** Whether it is the same hold on the same lane. */
    public boolean isSameHold(ClusterMember other) {
        return lane.equals(other.lane) && fence == other.fence;
    }
}
