package openledger.provider.answer;

/** What came with the status of an answer is none: it makes no sense, or says that it failed. */
public final class NoAnswer extends Exception {
    public NoAnswer(String why) {
        super(why, null, false, false);
    }
}
