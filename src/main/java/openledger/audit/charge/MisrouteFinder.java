package openledger.audit.charge;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import openledger.audit.court.LaneChain;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafFaults;
import openledger.commitment.leaf.PlacedLeaf;
import openledger.commitment.leaf.ProvableFault;
import openledger.commitment.stake.BatchPaths;
import openledger.commitment.stake.ShownLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;
import openledger.commitment.stake.VaultTerms;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.unit.LaneId;
import openledger.unit.RouteId;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a lane's batches what a vault punishes, over bytes, in every mode: what a leaf breaks alone, with its partner, or by being there
 * twice, who was overtaken, and which plan or outcome is missing. Batches come in the order of their sequence, each once, with their leaves
 * or without; what may stand in one that was not read is never charged. Its memory is bounded: it keeps plans without an end, the places of
 * recent ends and gaps between numbers; of more than an honest lane has, the oldest are forgotten, and charged no more. Confined to one
 * thread.
 */
public final class MisrouteFinder {
    private final LaneId lane;
    private final RequestPartners partners;
    private final EndedCounters counters = new EndedCounters();
    private long sequence;

    /** Batches that were read before, so that a partner can be shown. */
    @FunctionalInterface
    public interface Shelf {
        /** The content of a batch that was taken; empty if it is not kept. */
        Optional<BatchContent> batch(long sequence);
    }

    /**
     * A finder that has seen nothing; what comes first need not be the first batch.
     *
     * @param terms of the vault
     */
    public MisrouteFinder(LaneId lane, VaultTerms terms, Shelf shelf) {
        this.lane = lane;
        this.partners = new RequestPartners(lane, terms.anchorMost(), shelf);
    }

    /**
     * Takes the next batch, of which only the header is known.
     *
     * @throws IllegalArgumentException if it is not the next
     */
    public void pass(LaneChain.Committed committed) {
        follow(committed.header());
        partners.pass(committed.header());
        counters.pass(committed.header());
    }

    /**
     * Takes the next batch.
     *
     * @param routes what the lane has published of a route, whenever; empty if nobody could say
     * @throws IllegalArgumentException if it is not the next
     */
    public List<Charge> take(BatchContent batch, Function<RouteId, Optional<LaneChain.RouteTerms>> routes) {
        follow(batch.header());
        List<Charge> charges = new ArrayList<>();
        Batch reading = new Batch(batch, charges);
        reading.alone(routes);
        partners.take(reading);
        counters.take(reading, partners);
        partners.overdue(batch, charges);
        return charges;
    }

    private void follow(BatchHeader header) {
        if (!header.lane().equals(lane) || (sequence != 0 && header.sequence() != sequence + 1)) {
            throw new IllegalArgumentException("batch " + header.sequence() + " does not come after " + sequence);
        }
        sequence = header.sequence();
    }

    /** A batch that is being read: its leaves, and which of them are charged. */
    static final class Batch {
        final BatchContent content;
        final BatchHeader header;
        final List<PlacedLeaf> leaves = new ArrayList<>();
        private final List<Charge> charges;
        private final Set<Long> charged = new HashSet<>();
        private @Nullable BatchPaths paths;

        Batch(BatchContent content, List<Charge> charges) {
            this.content = content;
            this.header = content.header();
            this.charges = charges;
        }

        private void alone(Function<RouteId, Optional<LaneChain.RouteTerms>> routes) {
            for (int place = 0; place < header.count(); place++) {
                long index = header.firstIndex() + place;
                LeafFaults faults = LeafFaults.of(content.leaf(place), header, leaf -> published(routes, leaf));
                faults.leaf().ifPresent(leaf -> leaves.add(new PlacedLeaf(leaf, header.sequence(), index)));
                Optional<ProvableFault> fault = faults.fault();
                if (fault.isPresent()) {
                    charge(fault.get(), index, fault.get().sentence(), new VaultCall.ProveLeaf(shown(index)));
                }
            }
        }

        private NodeTestimony<List<Integer>> published(
                Function<RouteId, Optional<LaneChain.RouteTerms>> routes, Leaf leaf) {
            return routes.apply(leaf.route())
                    .<NodeTestimony<List<Integer>>>map(terms -> new Said<>(LeafFaults.asOf(
                            terms.upTo(),
                            terms.publishedAt(),
                            content.committed().committedAt())))
                    .orElseGet(() -> new Silent<>("no node said it"));
        }

        /** A leaf of it, as a vault is shown it. */
        ShownLeaf shown(long index) {
            BatchPaths known = paths;
            if (known == null) {
                known = content.paths();
                paths = known;
            }
            return known.shown(Math.toIntExact(index - header.firstIndex()));
        }

        boolean isCharged(long index) {
            return charged.contains(index);
        }

        /** Charges a leaf of it, unless it is charged already: it is punished once. */
        void charge(ProvableFault fault, long index, String why, VaultCall call) {
            if (charged.add(index)) {
                add(VaultFault.of(fault.code()).orElseThrow(), why, call);
            }
        }

        void add(VaultFault fault, String why, VaultCall call) {
            charges.add(about(fault, content.committed(), why, call));
        }

        void add(Charge charge) {
            charges.add(charge);
        }
    }

    /** A charge about a batch. */
    static Charge about(VaultFault fault, LaneChain.Committed committed, String why, VaultCall call) {
        BatchHeader header = committed.header();
        return new Charge(
                fault, header.lane(), header.sequence(), committed.block(), committed.committedAt(), why, call);
    }
}
