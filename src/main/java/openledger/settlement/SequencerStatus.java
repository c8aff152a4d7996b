package openledger.settlement;

import java.time.Instant;
import java.util.Optional;
import openledger.settlement.SequencerSettings.Backlog;
import openledger.settlement.ledger.BlockRef;

/**
 * The status of settlement.
 *
 * @param condition in one word
 * @param reason of a trouble, for the operator; empty if there is none
 * @param cut sequence of the last batch that was cut
 * @param onChain sequence of the last batch that was on chain at the last check
 * @param backlog leaves that are not on chain, and since when
 * @param warning whether that is more than the configured bound
 * @param confirmed when a batch of ours became SEQUENCED last; who confirms requests must not take any long after that
 * @param newestBlock newest block that we have seen
 */
public record SequencerStatus(
        Condition condition,
        String reason,
        long cut,
        long onChain,
        Backlog backlog,
        Warning warning,
        Optional<Instant> confirmed,
        Optional<BlockRef> newestBlock) {
    /** What it does. */
    public enum Condition {
        /** Another writer holds the lane, or we have not asked yet. */
        WAITS_FOR_LANE,
        /** Batches are cut, sent and followed. */
        WORKS,
        /** We must not or cannot commit. Levels are followed, decisions stay in the journal. */
        HALTED,
        /** The lane's gate refuses commits, because the lane has too little at stake. Decisions stay in the journal. */
        SHORT,
        /** No node answers. Decisions stay in the journal. */
        NO_CHAIN,
        /** The database does not answer. */
        NO_STORE,
        /** It was told to stop. */
        STOPPED
    }

    /** Whether the backlog is worth a warning. */
    public enum Warning {
        NONE,
        BACKLOG
    }
}
