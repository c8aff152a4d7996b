package openledger.commitment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafFaults;
import openledger.commitment.leaf.LeafField;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.PlacedLeaf;
import openledger.commitment.leaf.ProvableFault;
import openledger.routing.DecisionStatus;
import openledger.unit.Hash32;

/** Two leaves, or two headers, of one lane, and what they prove together. */
final class FaultPairVectors {
    private FaultPairVectors() {}

    static void addTo(ObjectNode all) {
        pairs(all.putArray("pairs"));
        twices(all.putArray("twices"));
        overtakens(all.putArray("overtakens"));
        headers(all.putArray("headers"));
    }

    private static void pairs(ArrayNode list) {
        Random random = new Random(2);
        for (int i = 0; i < 300; i++) {
            Leaf plan = FaultLeaves.honestPlan(random.nextInt(4));
            int attempts = 1 + random.nextInt(4);
            boolean isServed = random.nextBoolean();
            Leaf end = FaultLeaves.end(
                    random.nextInt(4) > 0 ? LeafMode.CONFIRMED_DISPATCH : LeafMode.RELEASED_DISPATCH,
                    4,
                    attempts,
                    isServed ? DecisionStatus.SERVED : DecisionStatus.CANCELLED,
                    isServed ? 0 : Leaf.NO_TIER,
                    isServed ? FaultLeaves.PLACES[attempts - 1] : Leaf.NO_TARGET);
            byte[] outcome = switch (random.nextInt(8)) {
                case 0 -> FaultLeaves.with(end, LeafField.MODE, random.nextInt(2, 4));
                case 1 -> FaultLeaves.with(end, LeafField.ROUTE, 5);
                case 2 -> FaultLeaves.with(end, LeafField.BUDGET, random.nextInt(1, 9));
                case 3 -> FaultLeaves.with(end, LeafField.SNAPSHOT, FaultLeaves.SNAPSHOT + random.nextInt(-1, 2));
                case 4 -> FaultLeaves.with(end, LeafField.ATTEMPTS, random.nextInt(6));
                case 5 -> FaultLeaves.with(end, LeafField.SERVED_TARGET, random.nextInt(5, 8));
                case 6 -> FaultLeaves.changed(end, random.nextInt(2) * LeafField.PLAN.offset());
                default -> LeafEncoding.encode(end);
            };
            long planSequence = random.nextLong(40, 43);
            long outcomeSequence = random.nextLong(41, 44);
            byte[] planned = LeafEncoding.encode(plan);
            list.addObject()
                    .put("plan", VectorsWriter.hex(planned))
                    .put("plan_sequence", Long.toString(planSequence))
                    .put("outcome", VectorsWriter.hex(outcome))
                    .put("outcome_sequence", Long.toString(outcomeSequence))
                    .put(
                            "fault",
                            code(LeafFaults.pair(
                                    PlacedLeaf.decode(planned, planSequence, 0),
                                    PlacedLeaf.decode(outcome, outcomeSequence, 1))));
        }
    }

    private static String code(Optional<Breach> breach) {
        return Integer.toString(
                breach.map(Breach::fault).map(ProvableFault::code).orElse(0));
    }

    private static void twices(ArrayNode list) {
        List<Leaf> leaves = List.of(
                FaultLeaves.honestPlan(0),
                FaultLeaves.honestPlan(1),
                FaultLeaves.end(LeafMode.FAST, 4, 2, DecisionStatus.SERVED, 0, 6),
                FaultLeaves.end(LeafMode.CONFIRMED_DISPATCH, 4, 1, DecisionStatus.SERVED, 0, 5));
        for (Leaf first : leaves) {
            for (Leaf second : leaves) {
                for (int change = 0; change < 3; change++) {
                    byte[] bytes = change == 0
                            ? LeafEncoding.encode(second)
                            : change == 1
                                    ? FaultLeaves.changed(second, 0)
                                    : FaultLeaves.with(second, LeafField.COUNTER, FaultLeaves.COUNTER + 1);
                    for (int place = 0; place < 2; place++) {
                        list.addObject()
                                .put("first", VectorsWriter.hex(LeafEncoding.encode(first)))
                                .put("first_index", "7")
                                .put("second", VectorsWriter.hex(bytes))
                                .put("second_index", Integer.toString(7 + place))
                                .put(
                                        "fault",
                                        code(LeafFaults.twice(
                                                new PlacedLeaf(first, 1, 7), PlacedLeaf.decode(bytes, 1, 7 + place))));
                    }
                }
            }
        }
    }

    private static void overtakens(ArrayNode list) {
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            Leaf passed = waiting(random, FaultLeaves.COUNTER);
            Leaf first = waiting(random, FaultLeaves.COUNTER + 1);
            list.addObject()
                    .put("passed", VectorsWriter.hex(LeafEncoding.encode(passed)))
                    .put("first", VectorsWriter.hex(LeafEncoding.encode(first)))
                    .put("fault", code(LeafFaults.overtaken(passed, first)));
        }
    }

    private static Leaf waiting(Random random, long counter) {
        long arrival = random.nextLong(10, 15);
        long turn = random.nextInt(8) == 0 ? 0xffff_ffffL : arrival + random.nextInt(6);
        int attempts = random.nextInt(6) == 0 ? 3 : random.nextInt(3);
        return FaultLeaves.plan(
                counter,
                random.nextInt(8) == 0 ? 5 : 4,
                arrival + random.nextInt(6),
                4,
                attempts,
                attempts < 3 ? 0 : 1,
                FaultLeaves.PLACES[attempts],
                FaultLeaves.places(),
                new Stage.Planned(turn, arrival, 0, 1));
    }

    private static void headers(ArrayNode list) {
        for (long skipped : new long[] {0, 1, 2}) {
            for (long grown : new long[] {-1, 0, 1, 2, 3, 1_199, 1_200, 1_201, 2_400, 2_401}) {
                for (long complete : new long[] {99, 100, 101}) {
                    BatchHeader before = FaultLeaves.header(7, 100, 10, 5_000);
                    BatchHeader next = FaultLeaves.header(8 + skipped, complete, 10, 5_010 + grown);
                    put(list, before, next);
                }
            }
        }
        BatchHeader one = FaultLeaves.header(7, 100, 10, 5_000);
        BatchHeader other = FaultLeaves.rooted(one, Hash32.of(VectorsWriter.word("another root")));
        fork(list, one, one);
        fork(list, one, other);
        fork(list, one, FaultLeaves.rooted(FaultLeaves.header(8, 100, 10, 5_001), other.root()));
    }

    private static void put(ArrayNode list, BatchHeader before, BatchHeader next) {
        Optional<Breach> first = HeaderFaults.of(before, next).stream().findFirst();
        header(header(list.addObject().put("what", "continued"), "before", before), "next", next)
                .put("fault", code(first));
    }

    private static void fork(ArrayNode list, BatchHeader one, BatchHeader other) {
        header(header(list.addObject().put("what", "forked"), "before", one), "next", other)
                .put("fault", code(HeaderFaults.forked(one, other)));
    }

    private static ObjectNode header(ObjectNode node, String member, BatchHeader header) {
        node.putObject(member)
                .put("sequence", Long.toString(header.sequence()))
                .put("complete_through", Long.toString(header.completeThrough()))
                .put("count", Integer.toString(header.count()))
                .put("size", Long.toString(header.size()))
                .put("root", header.root().toString());
        return node;
    }
}
