package openledger.commitment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import openledger.audit.PublishedBatch;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.PlacedLeaf;
import openledger.lab.stake.HonestLanes;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.cut.HonestRouter;

/**
 * Leaves that nothing may convict, drawn by a seed: of lanes of the lab, and of a router whose requests end in every way. In the form of
 * {@link FaultVectors}, without faults.
 */
final class HonestVectors {
    private static final int OF_A_LANE = 230;
    private static final int ROUTER_BATCHES = 5;
    private static final int PAIRS = 60;
    private static final int PLANS = 80;
    private static final long PUBLISHED = 1_795_000_000L;
    private static final long COMMITTED = 1_900_000_000L;

    private final Random random = new Random(3);
    private final ArrayNode singles;
    private final ArrayNode pairs;
    private final ArrayNode plans;

    private HonestVectors(ObjectNode all) {
        this.singles = all.putArray("singles");
        this.pairs = all.putArray("pairs");
        this.plans = all.putArray("plans");
    }

    static ObjectNode all() {
        ObjectNode all = VectorsWriter.object();
        HonestVectors vectors = new HonestVectors(all);
        for (double load : List.of(0.5, 0.8, 0.95)) {
            vectors.lane(load);
        }
        vectors.router();
        return all;
    }

    private void lane(double load) {
        List<PublishedBatch> batches = HonestLanes.of(load, 1);
        PublishedBatch middle = batches.get(batches.size() / 2);
        List<Leaf> some = new ArrayList<>(middle.leaves());
        Collections.shuffle(some, random);
        String name = "a lane of the lab at a load of " + load;
        group(name, middle.header(), HonestLanes.upTo(), some.subList(0, Math.min(OF_A_LANE, some.size())));
        List<PlacedLeaf> placed = new ArrayList<>();
        for (PublishedBatch batch : batches) {
            placed(placed, batch.header(), batch.leaves());
        }
        pairs(placed);
        order(name, batches);
    }

    /** Plans one behind the other, in which nobody was overtaken. */
    private void order(String name, List<PublishedBatch> batches) {
        List<Leaf> all = batches.stream()
                .flatMap(batch -> batch.leaves().stream())
                .filter(leaf -> leaf.stage() instanceof Stage.Planned)
                .toList();
        int from = random.nextInt(all.size() - PLANS);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        all.subList(from, from + PLANS).forEach(leaf -> bytes.writeBytes(LeafEncoding.encode(leaf)));
        plans.addObject().put("name", name).put("leaves", VectorsWriter.hex(bytes.toByteArray()));
    }

    private void router() {
        HonestRouter router = new HonestRouter(11, 250 * ROUTER_BATCHES);
        List<PlacedLeaf> placed = new ArrayList<>();
        for (Optional<CutBatch> cut = router.next(); cut.isPresent(); cut = router.next()) {
            BatchHeader header = cut.orElseThrow().header();
            List<Leaf> leaves = LeafBytes.split(cut.orElseThrow().leaves()).stream()
                    .map(LeafEncoding::decode)
                    .toList();
            SortedMap<Integer, List<Leaf>> byRoute = new TreeMap<>();
            leaves.forEach(leaf -> byRoute.computeIfAbsent(leaf.route().value(), any -> new ArrayList<>())
                    .add(leaf));
            byRoute.forEach((route, of) -> group(
                    "batch " + header.sequence() + " of a router, route " + route,
                    header,
                    HonestRouter.ROUTES.get(route),
                    of));
            placed(placed, header, leaves);
        }
        pairs(placed);
    }

    private static void placed(List<PlacedLeaf> to, BatchHeader header, List<Leaf> leaves) {
        long index = header.firstIndex();
        for (Leaf leaf : leaves) {
            to.add(new PlacedLeaf(leaf, header.sequence(), index++));
        }
    }

    private void group(String name, BatchHeader header, List<Integer> upTo, List<Leaf> leaves) {
        ObjectNode node = singles.addObject()
                .put("name", name)
                .put("first_counter", Long.toString(header.firstCounter()))
                .put("last_counter", Long.toString(header.lastCounter()))
                .put("first_millis", Long.toString(header.firstMillis()))
                .put("last_millis", Long.toString(header.lastMillis()))
                .put("last_snapshot", Long.toString(header.lastSnapshot()));
        ArrayNode tiers = node.putArray("up_to");
        upTo.forEach(tier -> tiers.add(Integer.toString(tier)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        leaves.forEach(leaf -> bytes.writeBytes(LeafEncoding.encode(leaf)));
        node.put("published_at", Long.toString(PUBLISHED))
                .put("committed_at", Long.toString(COMMITTED))
                .put("leaves", VectorsWriter.hex(bytes.toByteArray()))
                .put("faults", VectorsWriter.hex(new byte[leaves.size()]));
    }

    /** Some requests whose plan and outcome are there. */
    private void pairs(List<PlacedLeaf> placed) {
        Map<Long, PlacedLeaf> planned = new HashMap<>();
        List<Request> both = new ArrayList<>();
        for (PlacedLeaf one : placed) {
            long counter = one.leaf().request().counter();
            PlacedLeaf plan = planned.get(counter);
            if (one.leaf().stage() instanceof Stage.Planned) {
                planned.put(counter, one);
            } else if (plan != null) {
                both.add(new Request(plan, one));
            }
        }
        Collections.shuffle(both, random);
        for (Request request : both.subList(0, Math.min(PAIRS, both.size()))) {
            pairs.addObject()
                    .put("plan", VectorsWriter.hex(LeafEncoding.encode(request.plan.leaf())))
                    .put("plan_sequence", Long.toString(request.plan.sequence()))
                    .put("outcome", VectorsWriter.hex(LeafEncoding.encode(request.outcome.leaf())))
                    .put("outcome_sequence", Long.toString(request.outcome.sequence()))
                    .put("fault", "0");
        }
    }

    /** The two leaves of one. */
    private record Request(PlacedLeaf plan, PlacedLeaf outcome) {}
}
