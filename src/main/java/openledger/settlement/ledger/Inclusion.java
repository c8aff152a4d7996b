package openledger.settlement.ledger;

import openledger.unit.Hash32;
import openledger.unit.Wei;

/**
 * The content of a transaction receipt.
 *
 * @param transaction its hash
 * @param block where it is
 * @param committedAt the block's time stamp, Unix seconds; part of what the registry keeps of a batch; 0 while the block
 *     is only preconfirmed and the node does not tell
 * @param effect whether it did what it was for
 * @param gasUsed units of gas
 * @param fee what it cost, L1 fee included where the receipt tells it
 */
public record Inclusion(Hash32 transaction, BlockRef block, long committedAt, Effect effect, long gasUsed, Wei fee) {
    /** Whether a transaction did what it was for. */
    public enum Effect {
        DONE,
        REVERTED
    }
}
