package openledger.cluster;

/**
 * What a router has of something that all routers of a cluster share, and asks an engine for. One question is under way at a time. All of
 * it is confined to the event loop of who asks, but for {@link #isLost}.
 *
 * @param <Q> a question, of all that is wanted at once
 * @param <A> an answer to one
 */
public interface Leasing<Q, A> {
    /** Whether the last question had no answer. From any thread. */
    boolean isLost();

    /** Whether there is anything to ask by now. */
    boolean isDue(long nowNanos);

    /** Time has passed, whether anything is asked or not. */
    void look(long nowNanos);

    /** The next question, also if there is nothing to ask: then it shows whether the engine is in reach. None is under way. */
    Q question(long nowNanos);

    /**
     * The question was answered.
     *
     * @param askedAt when it was asked
     */
    void answered(Q question, A answer, long askedAt, long nowNanos);

    /** There was no answer in time. */
    void unanswered(Q question, long nowNanos);
}
