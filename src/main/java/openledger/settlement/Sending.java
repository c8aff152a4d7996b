package openledger.settlement;

import java.time.Instant;
import openledger.unit.Hash32;

/**
 * What this process did with the newest transaction of a batch.
 *
 * @param transaction its hash
 * @param since when it was sent first
 * @param sinceBlock the newest block then
 * @param last when it was sent last
 * @param answer to that
 */
record Sending(Hash32 transaction, Instant since, long sinceBlock, Instant last, Answer answer) {
    /** What a node said of a transaction. */
    enum Answer {
        /** Nothing so far. */
        AWAITED,
        /** It has it. */
        TAKEN,
        /** It pays too little. */
        UNDERPRICED,
        /** Nothing we can rely on: it has to be sent again. */
        UNCLEAR,
        /** It will never take it. */
        REFUSED
    }

    Sending answered(Answer now) {
        return new Sending(transaction, since, sinceBlock, last, now);
    }

    Sending again(Instant now) {
        return new Sending(transaction, since, sinceBlock, now, Answer.AWAITED);
    }
}
