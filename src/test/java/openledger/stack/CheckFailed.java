package openledger.stack;

/** Something is not as it should be; the message says what was found. */
final class CheckFailed extends Exception {
    private static final long serialVersionUID = 1;

    CheckFailed(String message) {
        super(message);
    }
}
