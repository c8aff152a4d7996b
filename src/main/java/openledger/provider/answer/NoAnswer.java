package openledger.provider.answer;

/** A response with the status of an answer is not an answer: it makes no sense, or reports an error. */
public final class NoAnswer extends Exception {
    public NoAnswer(String why) {
        super(why, null, false, false);
    }
}
