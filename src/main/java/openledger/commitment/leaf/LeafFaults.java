package openledger.commitment.leaf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Silent;

/**
 * The rule book: what leaves prove, by their bytes alone. {@code openledger verify}, the page and every audit show what it finds, and
 * {@code contracts/vectors/faults.json} has its results for contracts. Bytes of any content and length have a result. No sequence of
 * events, a crash included, makes an honest router write leaves that break a rule. Pure and immutable.
 *
 * @param leaf empty if these are not the bytes of a leaf
 * @param breaches the rules that it breaks
 * @param open a sentence for each rule that it could not be checked against
 */
public record LeafFaults(Optional<Leaf> leaf, List<Breach> breaches, List<String> open) {
    public LeafFaults {
        breaches = List.copyOf(breaches);
        open = List.copyOf(open);
    }

    /**
     * Judges the bytes of a leaf.
     *
     * @param header of its batch
     * @param published what the lane has published of a leaf's route: cumulative attempts up to and including each tier, best first;
     *     empty if the lane has no such route, or had none when the batch was committed ({@link #asOf})
     */
    public static LeafFaults of(
            byte[] bytes, BatchHeader header, Function<Leaf, NodeTestimony<List<Integer>>> published) {
        Leaf leaf;
        try {
            leaf = LeafEncoding.decode(bytes);
        } catch (IllegalArgumentException notALeaf) {
            Breach range = new Breach(
                    ProvableFault.OUT_OF_RANGE, "These are not the bytes of a leaf (" + notALeaf.getMessage() + ").");
            return new LeafFaults(Optional.empty(), List.of(range), List.of());
        }
        return of(leaf, header, published.apply(leaf));
    }

    /** Judges a leaf that was read. */
    public static LeafFaults of(Leaf leaf, BatchHeader header, NodeTestimony<List<Integer>> published) {
        LeafFaults alone = of(leaf, published);
        return LeafRules.outside(leaf, header)
                .map(outside -> new LeafFaults(alone.leaf, joined(alone.breaches, outside), alone.open))
                .orElse(alone);
    }

    private static List<Breach> joined(List<Breach> breaches, Breach one) {
        List<Breach> all = new ArrayList<>(breaches);
        all.add(one);
        return all;
    }

    /** Judges a leaf that was read, without its header. */
    public static LeafFaults of(Leaf leaf, NodeTestimony<List<Integer>> published) {
        List<Breach> breaches = new ArrayList<>();
        List<String> open = new ArrayList<>();
        LeafRules.attempts(leaf).ifPresent(breaches::add);
        LeafRules.budget(leaf, published).ifPresent(breaches::add);
        switch (leaf.stage()) {
            case Stage.Planned planned ->
                LeafRules.foundation(leaf, planned, published).ifPresent(breaches::add);
            case Stage.Ended ended -> {
                LeafRules.end(ended).ifPresent(breaches::add);
                LeafRules.fallBack(leaf, ended, published).ifPresent(breaches::add);
                LeafRules.exhaustion(leaf, ended).ifPresent(breaches::add);
                LeafRules.place(leaf, ended).ifPresent(breaches::add);
            }
        }
        if (published instanceof Silent<List<Integer>>(var why)) {
            open.add("The published budget is not known: " + why);
        }
        return new LeafFaults(Optional.of(leaf), breaches, open);
    }

    /** What a contract names: the fault with the lowest code; empty if there is none. */
    public Optional<ProvableFault> fault() {
        return breaches.stream().map(Breach::fault).min(Comparator.comparingInt(ProvableFault::code));
    }

    /**
     * What a route was when a batch was committed: a route that is published later is none.
     *
     * @param upTo cumulative attempts of its tiers
     * @param publishedAt when, Unix s; 0 if never
     * @param committedAt time of the batch's block, Unix s
     */
    public static List<Integer> asOf(List<Integer> upTo, long publishedAt, long committedAt) {
        return publishedAt == 0 || publishedAt > committedAt ? List.of() : upTo;
    }

    /**
     * The two leaves of a request.
     *
     * @throws IllegalArgumentException unless these are a plan and an outcome with one number
     */
    public static Optional<Breach> pair(PlacedLeaf plan, PlacedLeaf outcome) {
        if (plan.counter() != outcome.counter()) {
            throw new IllegalArgumentException("counter: that of one request");
        }
        Optional<Breach> breach = LeafPair.of(plan.leaf(), outcome.leaf()).fault();
        return breach.isPresent() ? breach : LeafPair.late(plan.sequence(), outcome.sequence());
    }

    /** Two leaves of a lane at two places. Whoever has another salt in the second still has the same number. */
    public static Optional<Breach> twice(PlacedLeaf first, PlacedLeaf second) {
        boolean isTwice = first.index() != second.index()
                && first.counter() == second.counter()
                && first.isPlan() == second.isPlan();
        return isTwice
                ? Optional.of(new Breach(
                        ProvableFault.TWICE,
                        "Request " + first.counter() + " has two " + (first.isPlan() ? "plans" : "outcomes")
                                + ": leaves " + first.index() + " and " + second.index() + "."))
                : Optional.empty();
    }

    /**
     * Two plans of a lane. The passed one waited in the snapshot that the first was pinned in, since its arrival is not later, and its
     * turn, which never changes, is before that of the first. Both wanted the best tier of one route, the passed one in that snapshot
     * too, since attempts are never given back. So the allocator came to it before, and the slot that the first got was free then.
     *
     * @param passed pinned later although it stood before
     */
    public static Optional<Breach> overtaken(Leaf passed, Leaf first) {
        boolean isOvertaken = passed.stage() instanceof Stage.Planned before
                && first.stage() instanceof Stage.Planned behind
                && passed.route().equals(first.route())
                && passed.selectedTier() == 0
                && first.selectedTier() == 0
                && before.turn() < behind.turn()
                && before.arrival() <= first.snapshot()
                && first.snapshot() < passed.snapshot();
        return isOvertaken
                ? Optional.of(new Breach(
                        ProvableFault.OVERTAKEN,
                        "It stood before request " + first.request().counter() + " when that got a slot in snapshot "
                                + first.snapshot() + ", and got its own in snapshot " + passed.snapshot() + "."))
                : Optional.empty();
    }
}
