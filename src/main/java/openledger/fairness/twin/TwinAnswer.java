package openledger.fairness.twin;

/**
 * What one twin got.
 *
 * @param isRefused whether it got no whole answer
 * @param millis until its answer was whole; over 0 if it was not refused
 * @param model that the answer names, empty if none
 * @param tokens of the answer, {@link #UNKNOWN} if it does not say
 * @param retries that headers show, {@link #UNKNOWN} if none do
 */
public record TwinAnswer(boolean isRefused, double millis, String model, long tokens, int retries) {
    /** What was not said. */
    public static final int UNKNOWN = -1;

    public TwinAnswer {
        if (!isRefused && !(millis > 0)) {
            throw new IllegalArgumentException("an answer takes time");
        }
    }

    /** None. */
    public static TwinAnswer refused() {
        return new TwinAnswer(true, 0, "", UNKNOWN, UNKNOWN);
    }
}
