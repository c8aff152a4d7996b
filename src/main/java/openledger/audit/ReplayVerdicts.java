package openledger.audit;

import openledger.commitment.leaf.LeafMode;
import openledger.unit.RouteId;

/**
 * Told of each plan, and each end of a planned request, once it has been held against what follows from the snapshots; and of each end
 * of a fast request, once it has been held against the published rules.
 */
@FunctionalInterface
public interface ReplayVerdicts {
    /** Told nothing. */
    ReplayVerdicts NOBODY = (route, mode, agrees) -> {};

    /**
     * One of them was held against the replay.
     *
     * @param mode of its leaf; of what has no leaf, {@link LeafMode#CONFIRMED_RESPONSE}
     * @param agrees false for each that differs, is missing, or should not be there
     */
    void replayed(RouteId route, LeafMode mode, boolean agrees);

    /** Something was found, about a leaf or about what is none. */
    default void found(Difference.Kind kind) {}
}
