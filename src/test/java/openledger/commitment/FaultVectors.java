package openledger.commitment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafFaults;
import openledger.commitment.leaf.LeafField;
import openledger.commitment.leaf.LeafField.Range;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.ProvableFault;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.routing.DecisionStatus;

/**
 * Thousands of leaves, each with the fault that the rule book finds: every combination that a rule distinguishes, every boundary of every
 * field, and bytes of chance. Long because each rule has its own combinations.
 */
final class FaultVectors {
    private static final List<Integer> UP_TO = List.of(3, 4);
    private static final List<Integer> DEEP = List.of(1, 2, 5, 8);
    private static final long PUBLISHED = 1_795_600_000L;
    private static final long COMMITTED = 1_795_600_100L;

    private FaultVectors() {}

    static ObjectNode all() {
        ObjectNode all = VectorsWriter.object();
        ArrayNode faults = all.putArray("faults");
        for (ProvableFault fault : ProvableFault.values()) {
            faults.addObject()
                    .put("name", fault.name())
                    .put("code", Integer.toString(fault.code()))
                    .put("sentence", fault.sentence());
        }
        ArrayNode singles = all.putArray("singles");
        singles(singles);
        FaultPairVectors.addTo(all);
        return all;
    }

    /** Leaves that are judged by the same header and route. */
    private static final class Group {
        private final String name;
        private final List<Integer> upTo;
        private final long publishedAt;
        private final BatchHeader header = FaultLeaves.header(1, 0, 1, 1);
        private final ByteArrayOutputStream leaves = new ByteArrayOutputStream();
        private final ByteArrayOutputStream faults = new ByteArrayOutputStream();

        Group(String name, List<Integer> upTo, long publishedAt) {
            this.name = name;
            this.upTo = upTo;
            this.publishedAt = publishedAt;
        }

        void add(Leaf leaf) {
            add(LeafEncoding.encode(leaf));
        }

        void add(byte[] leaf) {
            List<Integer> route = LeafFaults.asOf(upTo, publishedAt, COMMITTED);
            Optional<ProvableFault> fault =
                    LeafFaults.of(leaf, header, any -> new Said<>(route)).fault();
            leaves.writeBytes(leaf);
            faults.write(fault.map(ProvableFault::code).orElse(0));
        }

        void to(ArrayNode list) {
            ObjectNode node = list.addObject()
                    .put("name", name)
                    .put("first_counter", Long.toString(header.firstCounter()))
                    .put("last_counter", Long.toString(header.lastCounter()))
                    .put("first_millis", Long.toString(header.firstMillis()))
                    .put("last_millis", Long.toString(header.lastMillis()))
                    .put("last_snapshot", Long.toString(header.lastSnapshot()));
            ArrayNode tiers = node.putArray("up_to");
            upTo.forEach(tier -> tiers.add(Integer.toString(tier)));
            node.put("published_at", Long.toString(publishedAt))
                    .put("committed_at", Long.toString(COMMITTED))
                    .put("leaves", VectorsWriter.hex(leaves.toByteArray()))
                    .put("faults", VectorsWriter.hex(faults.toByteArray()));
        }
    }

    private static void singles(ArrayNode list) {
        Group ends = new Group("ends of fast requests", UP_TO, PUBLISHED);
        ends(ends, LeafMode.FAST);
        ends.to(list);
        Group confirmed = new Group("ends of confirmed requests", UP_TO, PUBLISHED);
        ends(confirmed, LeafMode.CONFIRMED_DISPATCH);
        confirmed.to(list);
        Group deep = new Group("a route of four tiers", DEEP, PUBLISHED);
        for (int tier = 0; tier < 6; tier++) {
            for (int attempts = 0; attempts <= 9; attempts++) {
                deep.add(FaultLeaves.end(LeafMode.FAST, 8, attempts, DecisionStatus.FELL_BACK, tier, 9));
            }
        }
        deep.to(list);
        Group plans = new Group("plans", UP_TO, PUBLISHED);
        plans(plans);
        plans.to(list);
        Group bounds = new Group("every boundary of every field", UP_TO, PUBLISHED);
        boundaries(bounds);
        bounds.to(list);
        published(list, "never published", UP_TO, 0);
        published(list, "published a second later", UP_TO, COMMITTED + 1);
        published(list, "published in the same second", UP_TO, COMMITTED);
        published(list, "another budget", List.of(3, 5), PUBLISHED);
        published(list, "one tier only", List.of(4), PUBLISHED);
        Group chance = new Group("bytes of chance", UP_TO, PUBLISHED);
        chance(chance);
        chance.to(list);
    }

    private static void ends(Group to, LeafMode mode) {
        for (DecisionStatus status : DecisionStatus.values()) {
            for (int tier : new int[] {0, 1, 2, Leaf.NO_TIER}) {
                for (int target : new int[] {9, Leaf.NO_TARGET}) {
                    for (int attempts = 0; attempts <= 5; attempts++) {
                        int served =
                                target == 9 && attempts > 0 && attempts < 5 ? FaultLeaves.PLACES[attempts - 1] : target;
                        to.add(FaultLeaves.end(mode, 4, attempts, status, tier, served));
                    }
                }
            }
        }
        for (LeafMode other : LeafMode.values()) {
            for (int target : new int[] {5, 6, 7, 9}) {
                to.add(FaultLeaves.end(other, 4, 2, DecisionStatus.SERVED, 0, target));
            }
        }
    }

    private static void plans(Group to) {
        for (int attempts = 0; attempts <= 5; attempts++) {
            for (int tier = 0; tier <= 2; tier++) {
                for (int target : new int[] {5, 6, 9}) {
                    to.add(FaultLeaves.plan(
                            FaultLeaves.COUNTER,
                            4,
                            attempts,
                            tier,
                            target,
                            FaultLeaves.places(),
                            new Stage.Planned(17, 16, 0, 1)));
                }
            }
        }
        for (int size = 1; size <= Leaf.LONGEST_PLAN; size++) {
            List<Integer> places = IntStream.range(0, size).map(i -> 5).boxed().toList();
            to.add(FaultLeaves.plan(FaultLeaves.COUNTER, size, 0, 0, 5, places, new Stage.Planned(17, 16, 0, 1)));
            to.add(FaultLeaves.plan(FaultLeaves.COUNTER, 4, 0, 0, 5, places, new Stage.Planned(17, 16, 0, 1)));
        }
        for (long turn : new long[] {0, 16, 17, 18, 0xffff_ffffL}) {
            for (long arrival : new long[] {0, 16, 17, 18, 0xffff_ffffL}) {
                to.add(FaultLeaves.plan(
                        FaultLeaves.COUNTER, 4, 0, 0, 5, FaultLeaves.places(), new Stage.Planned(turn, arrival, 0, 1)));
            }
        }
        for (long rank : new long[] {0, 1, 2, 0xffff_ffffL}) {
            for (long open : new long[] {0, 1, 2, 0xffff_ffffL}) {
                to.add(FaultLeaves.plan(
                        FaultLeaves.COUNTER, 4, 0, 0, 5, FaultLeaves.places(), new Stage.Planned(17, 16, rank, open)));
            }
        }
    }

    private static void boundaries(Group to) {
        List<Leaf> honest = List.of(
                FaultLeaves.honestPlan(1),
                FaultLeaves.end(LeafMode.FAST, 4, 4, DecisionStatus.FELL_BACK, 1, 9),
                FaultLeaves.end(LeafMode.RELEASED_RESPONSE, 4, 2, DecisionStatus.SERVED, 0, 6));
        for (Leaf leaf : honest) {
            to.add(leaf);
            for (LeafField field : LeafField.values()) {
                boolean isPlan = leaf.stage() instanceof Stage.Planned;
                if (field.isNumber()) {
                    for (Range range : field.values(isPlan)) {
                        around(to, leaf, field, range.least());
                        around(to, leaf, field, range.most());
                    }
                }
            }
            for (long counter : new long[] {
                FaultLeaves.COUNTER - 11, FaultLeaves.COUNTER - 10, FaultLeaves.COUNTER + 10, FaultLeaves.COUNTER + 11
            }) {
                to.add(FaultLeaves.with(leaf, LeafField.COUNTER, counter));
            }
            for (long millis : new long[] {
                FaultLeaves.MILLIS - 1_001,
                FaultLeaves.MILLIS - 1_000,
                FaultLeaves.MILLIS + 1_000,
                FaultLeaves.MILLIS + 1_001
            }) {
                to.add(FaultLeaves.with(leaf, LeafField.TIME, millis));
            }
            for (long snapshot : new long[] {FaultLeaves.SNAPSHOT + 3, FaultLeaves.SNAPSHOT + 4}) {
                to.add(FaultLeaves.with(leaf, LeafField.SNAPSHOT, snapshot));
            }
            for (int place = 0; place < Leaf.LONGEST_PLAN; place++) {
                byte[] bytes = LeafEncoding.encode(leaf);
                bytes[LeafField.PLAN.offset() + 2 * place] ^= (byte) 0xff;
                bytes[LeafField.PLAN.offset() + 2 * place + 1] ^= (byte) 0xff;
                to.add(bytes);
            }
        }
    }

    private static void around(Group to, Leaf leaf, LeafField field, long edge) {
        for (long value = edge - 1; value <= edge + 1; value++) {
            to.add(FaultLeaves.with(leaf, field, value));
            if (value == Long.MAX_VALUE) {
                return;
            }
        }
    }

    private static void published(ArrayNode list, String name, List<Integer> upTo, long publishedAt) {
        Group group = new Group(name, upTo, publishedAt);
        for (int attempts = 0; attempts <= 5; attempts++) {
            group.add(FaultLeaves.end(LeafMode.FAST, 4, attempts, DecisionStatus.SERVED, 0, 5));
            group.add(FaultLeaves.end(LeafMode.FAST, 4, attempts, DecisionStatus.FELL_BACK, 1, 9));
            group.add(FaultLeaves.end(
                    LeafMode.FAST, 4, attempts, DecisionStatus.EXHAUSTED, Leaf.NO_TIER, Leaf.NO_TARGET));
            if (attempts < FaultLeaves.PLACES.length) {
                group.add(FaultLeaves.honestPlan(attempts));
            }
        }
        group.to(list);
    }

    private static void chance(Group to) {
        Random random = new Random(1);
        for (int i = 0; i < 150; i++) {
            byte[] bytes = new byte[LeafEncoding.BYTES];
            random.nextBytes(bytes);
            to.add(bytes);
        }
        List<Leaf> honest = List.of(
                FaultLeaves.honestPlan(0),
                FaultLeaves.honestPlan(3),
                FaultLeaves.end(LeafMode.FAST, 4, 2, DecisionStatus.SERVED, 0, 6),
                FaultLeaves.end(LeafMode.CONFIRMED_RESPONSE, 4, 4, DecisionStatus.FELL_BACK, 1, 9),
                FaultLeaves.end(LeafMode.FAST, 4, 4, DecisionStatus.EXHAUSTED, Leaf.NO_TIER, Leaf.NO_TARGET));
        for (int i = 0; i < 1_600; i++) {
            byte[] bytes = LeafEncoding.encode(honest.get(random.nextInt(honest.size())));
            for (int change = 1 + random.nextInt(3); change > 0; change--) {
                // Where rules look, more often than in what is a hash; and small numbers more often than large ones.
                int at = random.nextInt(8) == 0
                        ? random.nextInt(LeafEncoding.BYTES)
                        : LeafField.VERSION.offset() + 1 + random.nextInt(LeafEncoding.BYTES - 33);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(10) : random.nextInt());
            }
            to.add(bytes);
        }
    }
}
