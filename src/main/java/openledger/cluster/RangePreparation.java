package openledger.cluster;

import io.smallrye.mutiny.Uni;
import java.util.Set;
import openledger.unit.LaneId;

/**
 * Port: reads what former owners of ranges have begun in them, before anything of those ranges is served here. Called on the event loop of
 * the ranges, for different ranges also while an earlier call is under way.
 */
@FunctionalInterface
public interface RangePreparation {
    /** Where nobody was before us. */
    RangePreparation NONE = (ranges, formerLanes) -> Uni.createFrom().voidItem();

    /**
     * Prepares ranges that have just been taken; a failure is followed by another call for the same ranges. Until it completes, requests of
     * those ranges are answered 503.
     *
     * @param ranges one or more, 0 to {@link openledger.unit.ResendKey#RANGES} − 1
     * @param formerLanes all lanes that any of the ranges was in within the last hour; ours too, if it was under an earlier hold
     */
    Uni<Void> prepare(Set<Integer> ranges, Set<LaneId> formerLanes);
}
