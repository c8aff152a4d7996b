package openledger.audit;

import openledger.unit.Hash32;

/**
 * Something that was published and does not follow from what else was published.
 *
 * @param kind what sort of thing
 * @param snapshot number of the snapshot it is about, 0 if it is about none
 * @param request commitment of the request, {@link Hash32#ZERO} if it is about a snapshot or a batch as a whole
 * @param text what was published and what would follow, in a person's words
 */
public record Difference(Kind kind, long snapshot, Hash32 request, String text) {
    /** Sorts of differences. */
    public enum Kind {
        /** What was published of a batch, or a leaf or a snapshot of it, cannot be read, or is not what its header is of. */
        UNREADABLE,
        /** A leaf of any mode breaks a published rule by itself: a budget, a fall-back that came too early, an end that contradicts itself. */
        RULE_BROKEN,
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
