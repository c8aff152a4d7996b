package openledger.audit;

import openledger.unit.Hash32;

/**
 * Something that was published and does not follow from what else was published.
 *
 * @param kind what sort of thing
 * @param snapshot number of the snapshot it is about
 * @param request commitment of the request, {@link Hash32#ZERO} if it is about the snapshot as a whole
 * @param text what was published and what would follow, in a person's words
 */
public record Difference(Kind kind, long snapshot, Hash32 request, String text) {
    /** Sorts of differences. */
    public enum Kind {
        /** The allocator gives a plan, and there is no leaf of it. */
        PLAN_MISSING,
        /** There is a leaf of a plan that the allocator does not give. */
        PLAN_UNFOUNDED,
        /** Both are there and say different things. */
        PLAN_DIFFERS,
        /** A request that waited has another turn, arrival, route or tenant in the next snapshot. */
        OPEN_SET_DIFFERS,
        /** A request waits that neither waited before nor arrived in this epoch. */
        OPEN_SET_UNFOUNDED,
        /** The outcome names another plan than the plan's leaf. */
        OUTCOME_DIFFERS,
        /** Served by another target than the plan's at that attempt. */
        NOT_AS_PLANNED
    }
}
