package openledger.settlement;

/**
 * Port: told of each step of a batch's life once it is behind us, so that a test can end the process there. A step changes
 * nothing for the next: what was done is in the database or on the chain, and a start finds it.
 */
public interface Failpoint {
    /** Does nothing. */
    Failpoint NONE = step -> {};

    /** {@code step} is behind us. */
    void passed(Step step);

    /** Steps, in the order in which a batch takes them. */
    enum Step {
        LEASED,
        RESUMED,
        ASSEMBLED,
        CUT_STORED,
        LANE_OPENED,
        POLICY_PUBLISHED,
        SIGNED,
        SIGNED_STORED,
        SENT,
        ANSWERED,
        DEMOTED_STORED,
        LEVELS_STORED
    }
}
