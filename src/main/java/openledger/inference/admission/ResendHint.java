package openledger.inference.admission;

/**
 * A client's hints that a request may be a resend.
 *
 * @param idempotencyKey of the client, 1 to 255 printable ASCII characters; empty if it sent none
 * @param retryCount which retry of its SDK this is; 0 for the first try, or if the SDK says nothing
 * @param unlessKnown what becomes of it if there is nothing that it is a resend of
 */
public record ResendHint(String idempotencyKey, int retryCount, UnlessKnown unlessKnown) {
    /** The longest key that is taken. */
    public static final int LONGEST_KEY = 255;

    /** What becomes of a request that is no resend of anything. */
    public enum UnlessKnown {
        /** It is a request of its own. */
        BEGUN,
        /** Nothing is begun for it: another router has sent it here to be joined to what we have. */
        TURNED_AWAY
    }

    /** A request that says nothing about itself. */
    public static final ResendHint NONE = new ResendHint("", 0);

    /** The hints of a client's own request. */
    public ResendHint(String idempotencyKey, int retryCount) {
        this(idempotencyKey, retryCount, UnlessKnown.BEGUN);
    }

    /** The same of a request that another router has sent here: without a key it is only to be joined. */
    public ResendHint forwarded() {
        return isKeyed() ? this : new ResendHint(idempotencyKey, retryCount, UnlessKnown.TURNED_AWAY);
    }

    /** True if the client may come back for the answer under its key. */
    public boolean isKeyed() {
        return !idempotencyKey.isEmpty();
    }
}
