package openledger.settlement.decide;

import java.time.Instant;
import openledger.unit.Hash32;

/**
 * The state of sending the newest transaction of a batch, in this process.
 *
 * @param transaction its hash
 * @param since when it was sent first
 * @param sinceBlock the newest block then
 * @param last when it was sent last
 * @param answer to that
 */
public record SubmissionState(Hash32 transaction, Instant since, long sinceBlock, Instant last, Answer answer) {
    /** What a node said of a transaction. */
    public enum Answer {
        /** Nothing so far. */
        AWAITED,
        /** It has it. */
        TAKEN,
        /** Nothing so far, and it has turned it away before. */
        ON_TRIAL,
        /** It pays too little. */
        UNDERPRICED,
        /** Nothing we can rely on: it has to be sent again. */
        UNCLEAR,
        /** It will never take it. */
        REFUSED
    }

    public SubmissionState answered(Answer now) {
        return new SubmissionState(transaction, since, sinceBlock, last, now);
    }

    public SubmissionState again(Instant now) {
        Answer next = answer == Answer.TAKEN || answer == Answer.AWAITED ? Answer.AWAITED : Answer.ON_TRIAL;
        return new SubmissionState(transaction, since, sinceBlock, now, next);
    }
}
