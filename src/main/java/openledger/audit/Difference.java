package openledger.audit;

import java.util.Optional;
import openledger.commitment.leaf.ProvableFault;
import openledger.unit.Hash32;

/**
 * Something that was published and does not follow from what else was published.
 *
 * @param kind what sort of thing
 * @param snapshot number of the snapshot it is about, 0 if it is about none
 * @param request key of the request as a word, {@link Hash32#ZERO} if it is about a snapshot or a batch as a whole
 * @param text what was published and what would follow, in a person's words
 * @param fault what it proves by leaves, headers and published rules alone; empty if it takes more to see it
 */
public record Difference(Kind kind, long snapshot, Hash32 request, String text, Optional<ProvableFault> fault) {
    /** One that no leaf or header proves alone. */
    Difference(Kind kind, long snapshot, Hash32 request, String text) {
        this(kind, snapshot, request, text, Optional.empty());
    }

    /** Sorts of differences. */
    public enum Kind {
        /** What was published of a batch, or a leaf or a snapshot of it, cannot be read, or is not what its header is of. */
        UNREADABLE,
        /** The log of a batch does not begin with the log of the batch before: one place has two leaves. */
        LOG_FORKED,
        /** A header does not continue the one before: its log begins elsewhere, or fewer requests have ended, or ones that nobody has seen. */
        HEADER_BROKEN,
        /** A key of the lane has signed two headers of one batch. */
        EQUIVOCATED,
        /** A header says that a request has ended, and there is no outcome of it in any batch up to that one. */
        OUTCOME_MISSING,
        /** A request has two plans or two outcomes. */
        TWICE,
        /** A plan comes in a later batch than the outcome of its request. */
        PLAN_AFTER_OUTCOME,
        /** A request that waited was passed by one behind it. */
        OVERTAKEN,
        /** A leaf of any mode breaks a published rule by itself: a budget, a fall-back that came too early, an end that contradicts itself, a header's range. */
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
