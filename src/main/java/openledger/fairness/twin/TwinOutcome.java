package openledger.fairness.twin;

/** What may differ between twins. */
public enum TwinOutcome {
    REFUSALS("refusals"),
    MODEL("model that the answer names"),
    RETRIES("retries that headers show"),
    TIME("time to the whole answer"),
    TOKENS("tokens of the answer");

    private final String words;

    TwinOutcome(String words) {
        this.words = words;
    }

    /** In tables. */
    public String words() {
        return words;
    }
}
