package openledger.settlement.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.LedgerView;
import openledger.unit.Hash32;

/**
 * The state of the chain, as far as it was queried.
 *
 * @param view the chain at its newest block
 * @param receipts by sequence, of the batches that were asked for and have one
 * @param canonical hash of the canonical block of each number that was asked for; none if there is no such block
 * @param published policies of which we know that they are on chain
 * @param now when that was
 */
public record Evidence(
        LedgerView view,
        Map<Long, Inclusion> receipts,
        Map<Long, Optional<Hash32>> canonical,
        Set<Hash32> published,
        Instant now) {
    /** Whether a block is the canonical one of its number; no also if that was not asked. */
    public boolean isCanonical(BlockRef block) {
        return block.number() <= view.latest().number()
                && canonical.getOrDefault(block.number(), Optional.empty()).equals(Optional.of(block.hash()));
    }

    /** Whether another block stands where this one was. */
    boolean isGone(BlockRef block) {
        Optional<Hash32> there = canonical.get(block.number());
        return there != null && !there.equals(Optional.of(block.hash()));
    }

    /** Whether at least that long has passed since then. */
    boolean passed(Instant since, Duration length) {
        return !now.isBefore(since.plus(length));
    }
}
