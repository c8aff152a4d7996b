package openledger.lab.lies;

/** What a router may say of a provider that is not so. */
public enum ProviderLie {
    /** A success is claimed as a refusal; its id stays. */
    FAKE_REFUSAL("fake refusal"),
    /** A success is claimed as a refusal that had no id. */
    FAKE_REFUSAL_WITHOUT_ID("fake refusal without an id"),
    /** An answer is claimed that the provider never gave. */
    NEVER_MADE("call never made"),
    /** An answer is claimed to have taken a quarter more tokens. */
    INFLATED("tokens inflated by a quarter"),
    /** A call is not in the log. */
    LEFT_OUT("call left out of the log");

    private final String words;

    ProviderLie(String words) {
        this.words = words;
    }

    /** In tables. */
    public String words() {
        return words;
    }
}
