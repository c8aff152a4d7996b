package openledger.cluster;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import openledger.unit.LaneId;
import openledger.unit.ResendKey;

/** Which router answers for which range, as it was at one version of the map. Immutable. */
public final class RangeMap {
    private static final RangeOwner OURS = new RangeOwner.Ours();
    private static final RangeOwner NOBODY = new RangeOwner.Nobody();
    /** Of a router that is alone: it answers for every key. */
    public static final RangeMap ALONE = all(OURS);

    /** Of a router that has not read the map, or has no lane: it knows of nobody. */
    public static final RangeMap UNKNOWN = all(NOBODY);

    private final long version;
    private final Optional<ClusterMember> self;
    private final RangeOwner[] owners;
    private final Map<LaneId, ClusterMember> members;

    private RangeMap(
            long version, Optional<ClusterMember> self, RangeOwner[] owners, Map<LaneId, ClusterMember> members) {
        this.version = version;
        this.self = self;
        this.owners = owners;
        this.members = members;
    }

    private static RangeMap all(RangeOwner owner) {
        RangeOwner[] owners = new RangeOwner[ResendKey.RANGES];
        Arrays.fill(owners, owner);
        return new RangeMap(0, Optional.empty(), owners, Map.of());
    }

    /**
     * The map as the database has it.
     *
     * @param self our hold on our lane
     * @param rows one for each range
     * @param members all lanes; a row of a hold that is none of theirs is nobody's
     * @param ready which of our ranges we answer for already
     */
    public static RangeMap of(
            long version,
            ClusterMember self,
            Collection<HeldRange> rows,
            Collection<ClusterMember> members,
            Set<Integer> ready) {
        Map<LaneId, ClusterMember> byLane =
                members.stream().collect(Collectors.toMap(ClusterMember::lane, Function.identity()));
        RangeOwner[] owners = new RangeOwner[ResendKey.RANGES];
        Arrays.fill(owners, NOBODY);
        for (HeldRange row : rows) {
            if (row.isOf(self)) {
                owners[row.range()] = ready.contains(row.range()) ? OURS : NOBODY;
            } else {
                row.lane()
                        .map(byLane::get)
                        .filter(member -> row.isOf(member) && !member.address().isEmpty())
                        .ifPresent(member -> owners[row.range()] = new RangeOwner.Another(member));
            }
        }
        return new RangeMap(version, Optional.of(self), owners, byLane);
    }

    /** Counts every change of any range; 0 if there is no map. */
    public long version() {
        return version;
    }

    /** Who answers for a range, 0 to {@link ResendKey#RANGES} − 1. */
    public RangeOwner owner(int range) {
        return owners[range];
    }

    /** Our own hold on our lane; empty if there is no map. */
    public Optional<ClusterMember> self() {
        return self;
    }

    /** The other router that has that hold on that lane, if it takes requests. */
    public Optional<ClusterMember> member(LaneId lane, long fence) {
        return Optional.ofNullable(members.get(lane))
                .filter(member -> member.fence() == fence && !member.address().isEmpty() && !isOurHold(lane, fence));
    }

    /** Whether that hold on that lane is ours. */
    public boolean isOurHold(LaneId lane, long fence) {
        return self.filter(us -> us.lane().equals(lane) && us.fence() == fence).isPresent();
    }

    /** How many ranges are ours. */
    public int ours() {
        return (int) Arrays.stream(owners)
                .filter(owner -> owner instanceof RangeOwner.Ours)
                .count();
    }
}
