package openledger.settlement.submit;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.BatchStore.Unsettled;
import openledger.settlement.LaneCache;
import openledger.settlement.LoopConfinement;
import openledger.settlement.SequencerSettings;
import openledger.settlement.decide.ChainProbe;
import openledger.settlement.decide.Evidence;
import openledger.settlement.decide.LaneSnapshot;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.settlement.ledger.Ledger;
import openledger.settlement.ledger.Ledger.Published;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.settlement.ledger.SignedTransaction;
import openledger.unit.Hash32;

/** Reads from the chain what the {@link ChainProbe}s need, and no more. Confined to the sequencer's event loop. */
public final class ChainReader {
    /** How far back at once, when the newest block of ours is no longer canonical. */
    private static final int WALK = 32;

    private final Ledger ledger;
    private final SequencerSettings settings;
    private final LoopConfinement home;
    /** Policies seen on chain; a reorg or another chain makes it void. */
    private final Set<Hash32> published = new HashSet<>();

    public ChainReader(Ledger ledger, SequencerSettings settings, LoopConfinement home) {
        this.ledger = ledger;
        this.settings = settings;
        this.home = home;
    }

    /** The chain has lost blocks: what was seen may be gone. */
    public void forget() {
        published.clear();
    }

    public Uni<Evidence> look(LaneCache book, Instant now) {
        return home.bring(ledger.view()).chain(view -> look(book, view, now));
    }

    private Uni<Evidence> look(LaneCache book, LedgerView view, Instant now) {
        LaneSnapshot state = book.state();
        if (!(view.lane() instanceof Lane.Open open) || view.latest().number() < state.newestBlock()) {
            return Uni.createFrom().item(new Evidence(view, Map.of(), Map.of(), Set.of(), now));
        }
        return receipts(book, ChainProbe.receipts(state, view, settings.evidence()))
                .chain(receipts -> canonical(state, view, receipts)
                        .chain(blocks -> policies(state.after(open.sequence()))
                                .map(known -> new Evidence(view, receipts, blocks, known, now)))
                        .invoke(evidence -> doubt(book, evidence)));
    }

    private Uni<Map<Long, Inclusion>> receipts(LaneCache book, List<Unsettled> batches) {
        Uni<Map<Long, Inclusion>> found = Uni.createFrom().item(new HashMap<>());
        for (Unsettled batch : batches) {
            // That one transaction reverted does not say that none of the batch's others got in.
            Optional<Inclusion> seen = book.seen(batch.sequence())
                    .filter(receipt -> receipt.effect() == Effect.DONE
                            || batch.transactions().size() == 1);
            found = found.call(receipts -> (seen.isPresent() ? Uni.createFrom().item(seen) : receipt(batch))
                    .invoke(receipt -> receipt.ifPresent(there -> receipts.put(batch.sequence(), there))));
        }
        return found;
    }

    /** The receipt of any of a batch's transactions, newest first; one that did what it was for before one that reverted. */
    private Uni<Optional<Inclusion>> receipt(Unsettled batch) {
        Uni<Optional<Inclusion>> best = Uni.createFrom().item(Optional.empty());
        for (SignedTransaction transaction : batch.transactions().reversed()) {
            best = best.chain(sofar ->
                    sofar.filter(receipt -> receipt.effect() == Effect.DONE).isPresent()
                            ? Uni.createFrom().item(sofar)
                            : home.bring(ledger.inclusion(transaction.hash())).map(next -> better(sofar, next)));
        }
        return best;
    }

    private static Optional<Inclusion> better(Optional<Inclusion> one, Optional<Inclusion> other) {
        boolean done = other.filter(receipt -> receipt.effect() == Effect.DONE).isPresent();
        return done || one.isEmpty() ? other : one;
    }

    private Uni<Map<Long, Optional<Hash32>>> canonical(
            LaneSnapshot state, LedgerView view, Map<Long, Inclusion> receipts) {
        Map<Long, Optional<Hash32>> known = new HashMap<>();
        Optional<BlockRef> newest = ChainProbe.newestIncluded(state, view);
        return ask(ChainProbe.blocks(state, view, receipts.values()), known)
                .chain(() -> newest.filter(block -> !Optional.of(block.hash()).equals(known.get(block.number())))
                                .isPresent()
                        ? walkBack(state, ChainProbe.allIncluded(state, view), known)
                        : Uni.createFrom().voidItem())
                .replaceWith(known);
    }

    /** Until a block stands; all before it do. */
    private Uni<Void> walkBack(LaneSnapshot state, List<Long> numbers, Map<Long, Optional<Hash32>> known) {
        if (numbers.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        int from = Math.max(0, numbers.size() - WALK);
        return ask(numbers.subList(from, numbers.size()), known)
                .chain(() -> anyStands(state, numbers.subList(from, numbers.size()), known)
                        ? Uni.createFrom().voidItem()
                        : walkBack(state, numbers.subList(0, from), known));
    }

    private static boolean anyStands(LaneSnapshot state, List<Long> asked, Map<Long, Optional<Hash32>> known) {
        return state.batches().stream()
                .filter(batch -> batch.level().reaches(ConfirmationLevel.SEQUENCED))
                .flatMap(batch -> batch.inclusion().map(Inclusion::block).stream())
                .anyMatch(block -> asked.contains(block.number())
                        && Optional.of(block.hash()).equals(known.get(block.number())));
    }

    private Uni<Void> ask(List<Long> numbers, Map<Long, Optional<Hash32>> known) {
        List<Long> missing = new ArrayList<>(numbers);
        missing.removeAll(known.keySet());
        if (missing.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return home.bring(ledger.canonical(missing))
                .invoke(hashes -> {
                    for (int i = 0; i < missing.size(); i++) {
                        known.put(missing.get(i), hashes.get(i));
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Set<Hash32>> policies(List<Unsettled> waiting) {
        Uni<Void> asked = Uni.createFrom().voidItem();
        Set<Hash32> wanted = new HashSet<>();
        waiting.stream().limit(settings.inFlight()).forEach(batch -> wanted.addAll(batch.policies()));
        wanted.removeAll(published);
        for (Hash32 policy : wanted) {
            asked = asked.chain(() -> home.bring(ledger.published(policy)))
                    .invoke(answer -> {
                        if (answer == Published.YES) {
                            published.add(policy);
                        }
                    })
                    .replaceWithVoid();
        }
        return asked.map(done -> Set.copyOf(published));
    }

    /** A receipt that we were told of and whose block does not stand is worth nothing. */
    private static void doubt(LaneCache book, Evidence evidence) {
        evidence.receipts().forEach((sequence, receipt) -> {
            if (!evidence.isCanonical(receipt.block())
                    && receipt.block().number() <= evidence.view().latest().number()) {
                book.unsee(sequence);
            }
        });
    }
}
