package openledger.cluster;

import java.util.Optional;
import openledger.unit.LaneId;

/**
 * A row of the map as the database has it. Immutable.
 *
 * @param range 0 to {@link openledger.unit.ResendKey#RANGES} − 1
 * @param lane whose holder answers for it, empty if it was given back
 * @param fence of the hold under which that was so
 */
public record HeldRange(int range, Optional<LaneId> lane, long fence) {
    /** Whether that hold, and no other of its lane, has it. */
    public boolean isOf(ClusterMember member) {
        return lane.filter(member.lane()::equals).isPresent() && fence == member.fence();
    }
}
