package openledger.verifier;

/** The input is no receipt, or not one that can be checked. The message is for a person and never quotes the input. */
public final class UnreadableReceipt extends Exception {
    private final String member;

    public UnreadableReceipt(String member, String message) {
        super(member.isEmpty() ? message : member + ": " + message, null, false, false);
        this.member = member;
    }

    /** Dotted name of the member that is wrong, such as {@code proof.siblings[2]}; empty if it is the whole. */
    public String member() {
        return member;
    }
}
