package openledger.commitment.leaf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;

/**
 * Checks one leaf against the published rules, by its bytes alone: the rules that {@code openledger verify}, the page and every audit
 * share. Bytes of any content and length have a result. Immutable.
 *
 * @param leaf empty if these are not the bytes of a leaf
 * @param faults a sentence for each rule that it breaks; one that says why, if it cannot be read
 * @param open a sentence for each rule that it could not be checked against
 */
public record LeafFaults(Optional<Leaf> leaf, List<String> faults, List<String> open) {
    public LeafFaults {
        faults = List.copyOf(faults);
        open = List.copyOf(open);
    }

    /**
     * Judges the bytes of a leaf.
     *
     * @param published what the lane has published of a leaf's route: cumulative attempts up to and including each tier, best first;
     *     empty if the lane has no such route
     */
    public static LeafFaults of(byte[] bytes, Function<Leaf, NodeTestimony<List<Integer>>> published) {
        Leaf leaf;
        try {
            leaf = LeafEncoding.decode(bytes);
        } catch (IllegalArgumentException notALeaf) {
            return new LeafFaults(
                    Optional.empty(),
                    List.of("These are not the bytes of a leaf (" + notALeaf.getMessage() + ")."),
                    List.of());
        }
        return of(leaf, published.apply(leaf));
    }

    /** Judges a leaf that was read. */
    public static LeafFaults of(Leaf leaf, NodeTestimony<List<Integer>> published) {
        List<Check> checks = new ArrayList<>();
        RoutingRules.addTo(checks, leaf, published);
        List<String> faults = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (Check check : checks) {
            switch (check.finding()) {
                case Finding.Misroute(var why) -> faults.add(why);
                case Finding.Failed(var why) -> faults.add(why);
                case Finding.Unchecked(var why) -> open.add(why);
                case Finding.Passed _, Finding.Skipped _ -> {}
            }
        }
        return new LeafFaults(Optional.of(leaf), faults, open);
    }
}
