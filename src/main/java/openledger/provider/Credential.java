package openledger.provider;

/** A provider's key. Its text form never shows it. */
public record Credential(String secret) {
    @Override
    public String toString() {
        return "Credential[hidden]";
    }
}
