package openledger.settlement.cut;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.HeaderFaults;
import openledger.commitment.LeafBytes;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafFaults;
import openledger.commitment.leaf.PlacedLeaf;
import openledger.commitment.verify.NodeTestimony.Said;

/** Holds the batches of an {@link HonestRouter} against every rule that its leaves and headers can break. Confined to one thread. */
public final class HonestJudge {
    private final Map<Long, PlacedLeaf> planned = new HashMap<>();
    private final Map<Long, PlacedLeaf> ended = new HashMap<>();
    private final List<Breach> breaches = new ArrayList<>();
    private Optional<BatchHeader> last = Optional.empty();
    private long leaves;
    private long pairs;

    /** The next batch. */
    public void take(CutBatch cut) {
        last.ifPresent(header -> breaches.addAll(HeaderFaults.of(header, cut.header())));
        last = Optional.of(cut.header());
        List<byte[]> all = LeafBytes.split(cut.leaves());
        for (int i = 0; i < all.size(); i++) {
            LeafFaults found = LeafFaults.of(
                    all.get(i),
                    cut.header(),
                    leaf -> new Said<>(HonestRouter.ROUTES.get(leaf.route().value())));
            breaches.addAll(found.breaches());
            long index = cut.header().firstIndex() + i;
            found.leaf()
                    .ifPresent(leaf -> take(new PlacedLeaf(leaf, cut.header().sequence(), index)));
        }
    }

    private void take(PlacedLeaf placed) {
        leaves++;
        Leaf leaf = placed.leaf();
        long counter = leaf.request().counter();
        boolean isPlan = leaf.stage() instanceof Stage.Planned;
        PlacedLeaf before = (isPlan ? planned : ended).putIfAbsent(counter, placed);
        if (before != null) {
            LeafFaults.twice(before, placed).ifPresent(breaches::add);
        }
        PlacedLeaf plan = planned.get(counter);
        if (!isPlan && plan != null) {
            pairs++;
            LeafFaults.pair(plan, placed).ifPresent(breaches::add);
        }
    }

    /** What was found; empty if the rules are right. */
    public List<Breach> breaches() {
        return List.copyOf(breaches);
    }

    /** The last header that was taken. */
    public Optional<BatchHeader> last() {
        return last;
    }

    /** Leaves that were judged. */
    public long leaves() {
        return leaves;
    }

    /** Outcomes that were judged beside their plan. */
    public long pairs() {
        return pairs;
    }
}
