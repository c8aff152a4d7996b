package openledger.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import openledger.unit.LaneId;

/**
 * What a router is to do about the map, by what it has seen of it. Immutable.
 *
 * @param take ranges that belong to us and that nobody holds
 * @param give ranges that we hold and that belong to another
 */
public record RangePlan(Set<Integer> take, Set<Integer> give) {
    /**
     * A plan.
     *
     * @param self our hold on our lane
     * @param rows one for each range
     * @param members all lanes, ours among them
     */
    public static RangePlan of(ClusterMember self, Collection<HeldRange> rows, Collection<ClusterMember> members) {
        Map<LaneId, ClusterMember> byLane =
                members.stream().collect(Collectors.toMap(ClusterMember::lane, Function.identity()));
        List<LaneId> serving = members.stream()
                .filter(ClusterMember::takesKeys)
                .map(ClusterMember::lane)
                .toList();
        Set<Integer> take = new TreeSet<>();
        Set<Integer> give = new TreeSet<>();
        for (HeldRange row : rows) {
            Optional<LaneId> to = Rendezvous.of(row.range(), serving);
            boolean belongsToUs = to.filter(self.lane()::equals).isPresent();
            if (row.isOf(self)) {
                if (to.isPresent() && !belongsToUs) {
                    give.add(row.range());
                }
            } else if (belongsToUs && isFree(row, byLane)) {
                take.add(row.range());
            }
        }
        return new RangePlan(take, give);
    }

    /** Given back, or of a hold that is over: its lane has changed hands since, so nothing of it becomes durable any more. */
    private static boolean isFree(HeldRange row, Map<LaneId, ClusterMember> byLane) {
        return row.lane().isEmpty()
                || row.lane()
                        .map(byLane::get)
                        .filter(member -> member.fence() > row.fence())
                        .isPresent();
    }
}
