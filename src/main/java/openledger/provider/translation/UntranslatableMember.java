package openledger.provider.translation;

/** A member of a request cannot be translated; names it and the reason, without its value. */
public final class UntranslatableMember extends Exception {
    private final Translation.Untranslatable outcome;

    UntranslatableMember(String member, String message) {
        super(message, null, false, false);
        this.outcome = new Translation.Untranslatable(member, message);
    }

    public Translation.Untranslatable outcome() {
        return outcome;
    }
}
