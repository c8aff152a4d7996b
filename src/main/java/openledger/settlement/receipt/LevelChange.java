package openledger.settlement.receipt;

import java.time.Instant;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.ledger.BlockRef;

/**
 * An entry of a batch's history. A later entry with a lower level is a demotion.
 *
 * @param level from then on
 * @param at when we saw the evidence
 * @param block the evidence: the block it is in; empty for RECORDED
 */
public record LevelChange(ConfirmationLevel level, Instant at, Optional<BlockRef> block) {}
