package openledger.inference.admission;

/**
 * A client's hints that a request may be a resend.
 *
 * @param idempotencyKey of the client, 1 to 255 printable ASCII characters; empty if it sent none
 * @param retryCount which retry of its SDK this is; 0 for the first try, or if the SDK says nothing
 */
public record ResendHint(String idempotencyKey, int retryCount) {
    /** The longest key that is taken. */
    public static final int LONGEST_KEY = 255;

    /** A request that says nothing about itself. */
    public static final ResendHint NONE = new ResendHint("", 0);

    /** True if the client may come back for the answer under its key. */
    public boolean isKeyed() {
        return !idempotencyKey.isEmpty();
    }
}
