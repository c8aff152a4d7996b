package openledger.lab.report;

/** A question that the project asks; each report ends with the measured answers. */
public enum Question {
    SLOW_OR_SELECTIVE("When budgets run out at peak: is the system slow, or selective?"),
    PRICE_OF_CONFIRMED(
            "Would you accept a slower first response if every retry were treated identically? What it costs, and buys:"),
    WHERE_FAIRNESS_LIVES("Where does fairness live: model, router or settlement layer?"),
    RARER_OR_MORE_EVEN("Does it make failure less frequent, or only more consistent?");

    private final String words;

    Question(String words) {
        this.words = words;
    }

    /** The question. */
    public String words() {
        return words;
    }
}
