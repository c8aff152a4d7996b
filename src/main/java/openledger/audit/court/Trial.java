package openledger.audit.court;

/** What would become of a transaction. */
public sealed interface Trial {
    /** It would do what it says. */
    record Holds() implements Trial {}

    /**
     * The contract would refuse it.
     *
     * @param error the name of its error, such as {@code NoFault}; empty if it gives none
     * @param reason the end of a sentence for a person
     */
    record Refused(String error, String reason) implements Trial {}
}
