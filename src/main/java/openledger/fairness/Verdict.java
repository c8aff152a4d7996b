package openledger.fairness;

/** Whether an event that a service level objective counts was good. */
public enum Verdict {
    GOOD,
    BAD;

    /** GOOD if that holds. */
    public static Verdict goodIf(boolean holds) {
        return holds ? GOOD : BAD;
    }
}
