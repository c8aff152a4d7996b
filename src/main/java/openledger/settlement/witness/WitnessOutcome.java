package openledger.settlement.witness;

/** What came of asking a witness. */
public enum WitnessOutcome {
    /** It has cosigned. */
    COSIGNED,
    /** It knows another size than we thought: it is asked again from there. */
    CONFLICT,
    /** It has cosigned a longer log than ours is. */
    AHEAD,
    /** By what it has cosigned, our log is another: a fork, or a witness that is wrong. */
    INCONSISTENT,
    /** It answers with another status: it does not know the log, or does not want to. */
    REFUSED,
    /** Its answer is no cosignature by its key of what was sent, or no size. */
    INVALID,
    /** No answer in time. */
    SILENT
}
