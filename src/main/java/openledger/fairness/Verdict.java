package openledger.fairness;

/** Whether something that a service level objective counts was as it should be. */
public enum Verdict {
    GOOD,
    BAD;

    /** GOOD if that holds. */
    public static Verdict goodIf(boolean holds) {
        return holds ? GOOD : BAD;
    }
}
