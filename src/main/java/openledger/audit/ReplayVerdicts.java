package openledger.audit;

import openledger.commitment.LeafMode;
import openledger.unit.RouteId;

/** Told of each plan, and each end of a planned request, once it has been held against what follows from the snapshots. */
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
}
