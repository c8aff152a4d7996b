package openledger.commitment.leaf;

/**
 * What leaves and headers prove against the lane that committed them, and nothing else is needed for the proof but what the lane has
 * published. Contracts use the codes, so none ever changes its meaning. Of several faults of one leaf the one with the lowest code is
 * named. The codes from 13 to 16 belong to faults of promises and of answers that are not given, which no leaf shows.
 */
public enum ProvableFault {
    /** A field has a value that it may not have ({@link LeafField}). */
    OUT_OF_RANGE(1, "These are not the bytes of a leaf."),
    /** Status, tier, target and attempts of an outcome exclude each other. */
    CONTRADICTS_ITSELF(2, "The leaf contradicts itself."),
    /** Its number, time or snapshot is outside what its batch's header says. */
    OUTSIDE_HEADER(3, "The leaf is outside the range of its header."),
    /** More attempts than its own budget. */
    OVER_BUDGET(4, "More attempts were spent than the budget has."),
    /** The lane had published no such route when the batch was committed. */
    ROUTE_UNPUBLISHED(5, "The route was not published."),
    /** Another budget than the published one. */
    WRONG_BUDGET(6, "The budget is not the published one."),
    /** Served by a tier before all attempts of better tiers were spent, or by one that its route does not have. */
    FELL_BACK_EARLY(7, "It fell back before the better tiers were spent."),
    /** Given up with attempts left. */
    EXHAUSTED_EARLY(8, "It was given up before its budget was spent."),
    /** A plan that no snapshot can give. */
    PLAN_UNFOUNDED(9, "The plan cannot be the allocator's."),
    /** Served otherwise than was pinned. */
    NOT_AS_PLANNED(10, "What was pinned was not done."),
    /** The plan is in a later batch than the outcome. */
    PLAN_AFTER_OUTCOME(11, "The plan was committed after its outcome."),
    /** Two leaves of one kind and number. */
    TWICE(12, "One request has two leaves of one kind."),
    /** Another request, behind it in the public order, got a slot of its tier while it waited. */
    OVERTAKEN(17, "A later request got its slot first."),
    /** A header says less than one before it. */
    COMPLETE_THROUGH_FALLS(18, "A header takes back which requests have ended."),
    /** A header says that requests have ended whose numbers no leaf so far has. */
    COMPLETE_THROUGH_BEYOND(19, "A header calls requests ended that have no leaf."),
    /** The log of a header does not continue where the one before ends. */
    SIZE_GAP(20, "The log does not continue where it ended."),
    /** One place of the log has two leaves. */
    LOG_FORKED(21, "The log is not one: a place has two leaves."),
    /** A key of the lane has signed two headers of one sequence. */
    EQUIVOCATED(22, "Two headers of one sequence were signed.");

    private final int code;
    private final String sentence;

    ProvableFault(int code, String sentence) {
        this.code = code;
        this.sentence = sentence;
    }

    /** The number that stands for it in contracts and vectors, 1 to 255; 0 stands for no fault. */
    public int code() {
        return code;
    }

    /** What it is, for a person. */
    public String sentence() {
        return sentence;
    }
}
