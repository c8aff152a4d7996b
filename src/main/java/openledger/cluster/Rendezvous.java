package openledger.cluster;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import openledger.unit.LaneId;

/**
 * To which of several lanes a range belongs: the one with the highest score for it. So every router finds the same without a word, and a
 * lane that comes or goes moves only the ranges that it gets or had.
 */
final class Rendezvous {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Rendezvous() {}

    /** Empty if there is no lane. */
    static Optional<LaneId> of(int range, Collection<LaneId> lanes) {
        return lanes.stream()
                .max(Comparator.<LaneId>comparingLong(lane -> score(range, lane))
                        .thenComparingLong(LaneId::value));
    }

    /** The mixer of SplitMix64, which is a bijection: over one lane no two ranges have the same score. */
    private static long score(int range, LaneId lane) {
        long mixed = mix(lane.value() * GOLDEN) + range * GOLDEN;
        return mix(mixed);
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
