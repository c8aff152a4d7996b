package openledger.audit.court;

/** Hears what the defence of a lane does. Called by one thread at a time. */
public interface DefenceListener {
    /** An answer was tried, or filed. */
    void answered(Result result);

    /** What came of an answer. */
    enum Result {
        /** It is in a block. */
        DONE,
        /** It was sent, and no block has it yet. */
        UNSETTLED,
        /** It was not sent, because of fees, money or nodes. */
        NOT_SENT,
        /** It is in a block and did nothing: somebody else may have answered before. */
        REVERTED,
        /** There is no answer, or the contract would refuse it. */
        NONE,
        /** L1 has it. */
        FORCED
    }
}
