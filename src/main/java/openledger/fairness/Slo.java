package openledger.fairness;

import openledger.unit.BasisPoints;

/**
 * A service level objective: the share of counted events that must be good, over 30 days. The code that counts decides what is good, by the
 * sentence here.
 */
public enum Slo {
    ENTITLEMENT_HONOURED(
            "entitlement-honoured",
            9_999,
            "finished requests whose client did not leave before content",
            "no tier was left before its attempts were spent, and the budget was the route's"),
    NOT_SELECTIVELY_EXHAUSTED(
            "not-selectively-exhausted",
            9_900,
            "finished requests",
            "no later request got the best tier while this one lost it"),
    TWINS_AGREE("twins-agree", 9_800, "pairs of identical probes sent together", "both were served by the same tier"),
    EXECUTED_AS_COMMITTED(
            "executed-as-committed",
            9_999,
            "confirmed requests that ended with a plan",
            "the outcome follows the plan: served by its place in it"),
    CONFIRMED_IN_TIME(
            "confirmed-in-time",
            9_900,
            "plans of confirmed requests",
            "the level was reached within the request's bound"),
    RECEIPTS_REPLAY("receipts-replay", 9_999, "plans and ends replayed", "replaying gives what was published"),
    LATENCY_OVERHEAD("latency-overhead", 9_900, "finished requests", "we added at most 10 ms ourselves"),
    AVAILABILITY(
            "availability",
            9_990,
            "requests that ended, but those rejected for their own fault or whose client left",
            "some tier served it");

    private final String slug;
    private final int target;
    private final String counted;
    private final String good;

    Slo(String slug, int target, String counted, String good) {
        this.slug = slug;
        this.target = target;
        this.counted = counted;
        this.good = good;
    }

    /** Its name in metrics and pages. */
    public String slug() {
        return slug;
    }

    /** The share that is to be good. */
    public BasisPoints target() {
        return new BasisPoints(target);
    }

    /** What is counted. */
    public String counted() {
        return counted;
    }

    /** When one of them is good. */
    public String good() {
        return good;
    }
}
