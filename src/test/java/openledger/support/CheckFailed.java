package openledger.support;

/** Something is not as it should be; the message says what was found. */
public final class CheckFailed extends Exception {
    private static final long serialVersionUID = 1;

    public CheckFailed(String message) {
        super(message);
    }
}
