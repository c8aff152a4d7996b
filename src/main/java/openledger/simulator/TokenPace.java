package openledger.simulator;

/**
 * An even pace of a stream's tokens, kept from the stream's beginning on, however long each takes to send.
 *
 * @param perSecond over 0, at most 1_000
 * @param text what the tokens say
 */
public record TokenPace(double perSecond, Text text) {
    private static final double MOST = 1_000;
    private static final double MILLIS_A_SECOND = 1_000;

    public TokenPace {
        if (!(perSecond > 0 && perSecond <= MOST)) {
            throw new IllegalArgumentException("chunks-per-second is over 0 and at most 1000: " + perSecond);
        }
    }

    /** What a token says. */
    public enum Text {
        /** Its number. */
        NUMBER,
        /** When it was sent, {@code @} and nanoseconds of this machine's monotonic clock. */
        SEND_TIME
    }

    /** When a token is due, milliseconds after the first. */
    double dueMillis(int index) {
        return index * MILLIS_A_SECOND / perSecond;
    }
}
