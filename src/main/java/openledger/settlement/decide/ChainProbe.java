package openledger.settlement.decide;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.BatchStore.Unsettled;
import openledger.settlement.SequencerSettings.Preconfirmations;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.LedgerView.Lane;

/** A query of the chain that is needed before the next steps can be decided. Pure. */
public final class ChainProbe {
    /** Bounds what is asked at once; what is left is asked the next time. */
    private static final int MOST_BLOCKS = 256;

    private ChainProbe() {}

    /** Batches whose receipts matter. */
    public static List<Unsettled> receipts(LaneSnapshot state, LedgerView view, Preconfirmations watched) {
        if (!(view.lane() instanceof Lane.Open open)) {
            return List.of();
        }
        List<Unsettled> asked = new ArrayList<>();
        for (Unsettled batch : state.upTo(open.sequence())) {
            if (!batch.level().reaches(ConfirmationLevel.SEQUENCED)) {
                asked.add(batch);
            }
        }
        boolean first = true;
        for (Unsettled batch : state.after(open.sequence())) {
            boolean used = first
                    && !batch.transactions().isEmpty()
                    && batch.transactions().getLast().nonce() < view.nonce();
            boolean sent =
                    watched == Preconfirmations.WATCHED && state.sendings().containsKey(batch.sequence());
            if (used || sent || batch.level() == ConfirmationLevel.PRECONFIRMED) {
                asked.add(batch);
            }
            first = false;
        }
        return asked;
    }

    /** The newest batch that we take for included: if its block stands, all before it do. */
    public static Optional<BlockRef> newestIncluded(LaneSnapshot state, LedgerView view) {
        return included(state, view).reduce((earlier, later) -> later).flatMap(ChainProbe::block);
    }

    /** Blocks of all batches that we take for included, oldest first. */
    public static List<Long> allIncluded(LaneSnapshot state, LedgerView view) {
        return included(state, view)
                .flatMap(batch -> block(batch).stream())
                .map(BlockRef::number)
                .distinct()
                .toList();
    }

    /** Blocks that decide over levels. */
    public static List<Long> blocks(LaneSnapshot state, LedgerView view, Collection<Inclusion> receipts) {
        Stream<Long> risen = included(state, view)
                .filter(batch -> block(batch)
                        .filter(block -> level(block, view).compareTo(batch.level()) > 0)
                        .isPresent())
                .flatMap(batch -> block(batch).stream())
                .map(BlockRef::number);
        Stream<Long> newest = newestIncluded(state, view).map(BlockRef::number).stream();
        Stream<Long> seen = receipts.stream().map(receipt -> receipt.block().number());
        return Stream.of(newest, seen, risen)
                .flatMap(numbers -> numbers)
                .filter(number -> number <= view.latest().number())
                .distinct()
                .limit(MOST_BLOCKS)
                .toList();
    }

    /** How far a batch in that canonical block has come. */
    static ConfirmationLevel level(BlockRef block, LedgerView view) {
        if (block.number() <= view.finalized().number()) {
            return ConfirmationLevel.FINALIZED;
        }
        return block.number() <= view.safe().number() ? ConfirmationLevel.SAFE : ConfirmationLevel.SEQUENCED;
    }

    private static Stream<Unsettled> included(LaneSnapshot state, LedgerView view) {
        return state.batches().stream()
                .filter(batch -> batch.level().reaches(ConfirmationLevel.SEQUENCED))
                .filter(batch -> block(batch)
                        .filter(block -> block.number() <= view.latest().number())
                        .isPresent());
    }

    private static Optional<BlockRef> block(Unsettled batch) {
        return batch.inclusion().map(Inclusion::block);
    }
}
