package openledger.commitment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafField;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.log.LogHasher;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;

/**
 * Leaves with every value of every enum and extreme numbers, and bytes that are no leaf, with the reason. Long because each is a line.
 */
final class LeafVectors {
    private static final long U32 = 0xffff_ffffL;
    private static final long LATEST_MILLIS = 0xffff_ffff_ffffL;
    private static final int MOST_TARGET = Leaf.NO_TARGET - 1;
    private static final OutcomeCommitment OUTCOME = OutcomeCommitment.of(
            new byte[LaneSecret.SALT_BYTES], new byte[Hash32.BYTES], List.of("req-1"), UsageRecord.NONE);

    private LeafVectors() {}

    static ObjectNode all() {
        ObjectNode all = VectorsWriter.object();
        ArrayNode cases = all.putArray("cases");
        leaves().forEach((name, leaf) -> cases.add(put(name, leaf)));
        ArrayNode invalid = all.putArray("invalid");
        invalid(invalid);
        ArrayNode fields = all.putArray("fields");
        for (LeafField field : LeafField.values()) {
            fields.addObject()
                    .put("name", field.title())
                    .put("offset", Integer.toString(field.offset()))
                    .put("bytes", Integer.toString(field.length()))
                    .put("plan", values(field, true))
                    .put("outcome", values(field, false));
        }
        return all;
    }

    private static String values(LeafField field, boolean isPlan) {
        return field.isNumber() || field.values(isPlan).isEmpty() ? LeafField.words(field.values(isPlan)) : "any";
    }

    static Map<String, Leaf> leaves() {
        Map<String, Leaf> all = new TreeMap<>();
        all.put("fast, smallest", outcome(LeafMode.FAST, DecisionStatus.SERVED, Attribution.NONE, Trigger.NONE));
        for (LeafMode mode : LeafMode.values()) {
            all.put("mode " + mode, outcome(mode, DecisionStatus.SERVED, Attribution.NONE, Trigger.NONE));
            if (mode != LeafMode.FAST && !mode.isReleased()) {
                all.put("plan, mode " + mode, planned(mode, List.of(0, 1, 0), 1));
            }
        }
        for (DecisionStatus status : DecisionStatus.values()) {
            LeafMode mode = status == DecisionStatus.UNCONFIRMED ? LeafMode.CONFIRMED_RESPONSE : LeafMode.FAST;
            all.put("status " + status, outcome(mode, status, Attribution.NONE, Trigger.NONE));
        }
        for (Attribution attribution : Attribution.values()) {
            all.put(
                    "attribution " + attribution,
                    outcome(LeafMode.FAST, DecisionStatus.FELL_BACK, attribution, Trigger.SERVER_ERROR));
        }
        for (Trigger trigger : Trigger.values()) {
            all.put("trigger " + trigger, outcome(LeafMode.FAST, DecisionStatus.EXHAUSTED, Attribution.SLOW, trigger));
        }
        List<Integer> longest = IntStream.range(0, Leaf.LONGEST_PLAN)
                .mapToObj(i -> MOST_TARGET - i)
                .toList();
        all.put("plan, one place", planned(LeafMode.CONFIRMED_RESPONSE, List.of(7), 0));
        all.put("plan, largest", planned(LeafMode.CONFIRMED_DISPATCH, longest, U32 - 1));
        all.put("outcome, largest", largest(longest));
        return all;
    }

    private static Leaf outcome(LeafMode mode, DecisionStatus status, Attribution attribution, Trigger trigger) {
        boolean served = status == DecisionStatus.SERVED || status == DecisionStatus.FELL_BACK;
        int tier = status == DecisionStatus.FELL_BACK ? 1 : 0;
        boolean fast = mode == LeafMode.FAST;
        return new Leaf(
                RequestKey.of(VectorsWriter.word("request"), 50_000),
                mode,
                0,
                new RouteId(0),
                4,
                status == DecisionStatus.SERVED ? 1 : 4,
                1_795_600_000_123L,
                fast ? Leaf.NO_SNAPSHOT : 17,
                0,
                3,
                trigger,
                fast ? List.of() : List.of(3, 4, 3, 9),
                new Stage.Ended(
                        status,
                        served ? tier : Leaf.NO_TIER,
                        served ? 3 : Leaf.NO_TARGET,
                        attribution,
                        0,
                        1_250,
                        OUTCOME));
    }

    private static Leaf planned(LeafMode mode, List<Integer> plan, long number) {
        return new Leaf(
                RequestKey.of(VectorsWriter.word("request"), 50_000),
                mode,
                63,
                new RouteId(1),
                8,
                0,
                1_795_600_000_123L,
                number,
                0,
                plan.getFirst(),
                Trigger.NONE,
                plan,
                new Stage.Planned(number, number, number, number));
    }

    private static Leaf largest(List<Integer> plan) {
        byte[] ones = new byte[Hash32.BYTES];
        Arrays.fill(ones, (byte) 0xff);
        return new Leaf(
                RequestKey.of(ones, Long.MAX_VALUE),
                LeafMode.RELEASED_DISPATCH,
                63,
                new RouteId(0xffff),
                64,
                255,
                LATEST_MILLIS,
                U32 - 1,
                7,
                MOST_TARGET,
                Trigger.STORM_GUARD,
                plan,
                new Stage.Ended(DecisionStatus.CANCELLED, 7, MOST_TARGET, Attribution.MISSED, 255, U32, OUTCOME));
    }

    /** Bytes of a leaf with some of them replaced. */
    private static void invalid(ArrayNode to) {
        byte[] fast = encoded("mode FAST");
        byte[] plan = encoded("plan, mode CONFIRMED_RESPONSE");
        bad(to, "too short", Arrays.copyOf(fast, 95), "leaf");
        bad(to, "too long", Arrays.copyOf(fast, 97), "leaf");
        bad(to, "empty", new byte[0], "leaf");
        bad(to, "counter 0", with(fast, 24, "0000000000000000"), "counter");
        bad(to, "counter 2^63", with(fast, 24, "8000000000000000"), "counter");
        bad(to, "version 1", with(fast, 32, "01"), "version");
        bad(to, "version 3", with(fast, 32, "03"), "version");
        bad(to, "kind 0", with(fast, 33, "00"), "kind");
        bad(to, "kind 3", with(fast, 33, "03"), "kind");
        bad(to, "mode 0", with(fast, 34, "00"), "mode");
        bad(to, "mode 4", with(fast, 34, "04"), "mode");
        bad(to, "fast, but released", with(fast, 34, "81"), "mode");
        bad(to, "fast with a snapshot", with(fast, 46, "00000001"), "mode");
        bad(to, "fast with a plan", with(fast, 64, "0001"), "mode");
        bad(to, "cohort 64", with(fast, 35, "40"), "cohort");
        bad(to, "budget 0", with(fast, 38, "00"), "budget");
        bad(to, "budget 65", with(fast, 38, "41"), "budget");
        bad(to, "selected tier 8", with(fast, 50, "08"), "selected tier");
        bad(to, "served tier 8", with(fast, 51, "08"), "served tier");
        int free = Trigger.values().length;
        bad(to, "trigger " + free, with(fast, 56, String.format(Locale.ROOT, "%02x", free)), "trigger");
        bad(to, "status 9", with(fast, 57, "09"), "status");
        bad(to, "an outcome without an end", with(fast, 57, "00"), "status");
        bad(to, "attribution 4", with(fast, 58, "04"), "attribution");
        bad(to, "a hole in the plan", with(plan, 66, "ffff"), "plan");
        bad(to, "a plan without a place", with(plan, 64, "ffffffffffffffffffffffffffffffff"), "plan");
        bad(to, "a plan in mode FAST", with(plan, 34, "01"), "mode");
        bad(to, "a plan that was released", with(plan, 34, "82"), "mode");
        bad(to, "a plan of no snapshot", with(plan, 46, "ffffffff"), "snapshot");
        bad(to, "a plan without a tier", with(plan, 50, "ff"), "selected tier");
        bad(to, "a plan without a target", with(plan, 52, "ffff"), "selected target");
        bad(to, "a plan with a served tier", with(plan, 51, "00"), "served tier");
        bad(to, "a plan with a served target", with(plan, 54, "0000"), "served target");
        bad(to, "a plan with an end", with(plan, 57, "01"), "status");
        bad(to, "a plan with an attribution", with(plan, 58, "01"), "attribution");
        bad(to, "a plan with resends", with(plan, 59, "01"), "resends");
        bad(to, "a plan with a total time", with(plan, 60, "00000001"), "total time");
    }

    private static byte[] encoded(String name) {
        return LeafEncoding.encode(Objects.requireNonNull(leaves().get(name), name));
    }

    private static byte[] with(byte[] leaf, int offset, String replaced) {
        byte[] changed = leaf.clone();
        byte[] by = HexFormat.of().parseHex(replaced);
        System.arraycopy(by, 0, changed, offset, by.length);
        return changed;
    }

    private static void bad(ArrayNode to, String name, byte[] encoded, String field) {
        to.addObject()
                .put("name", name)
                .put("encoded", VectorsWriter.hex(encoded))
                .put("field", field);
    }

    private static ObjectNode put(String name, Leaf leaf) {
        ObjectNode node = VectorsWriter.object();
        node.put("name", name);
        node.put("request", leaf.request().toString());
        node.put("kind", leaf.stage() instanceof Stage.Planned ? "1" : "2");
        node.put("mode", Integer.toString(leaf.mode().code()));
        node.put("cohort", Integer.toString(leaf.cohort()));
        node.put("route", Integer.toString(leaf.route().value()));
        node.put("budget", Integer.toString(leaf.budget()));
        node.put("attempts", Integer.toString(leaf.attempts()));
        node.put("time_millis", Long.toString(leaf.timeMillis()));
        node.put("snapshot", Long.toString(leaf.snapshot()));
        node.put("selected_tier", Integer.toString(leaf.selectedTier()));
        node.put("selected_target", Integer.toString(leaf.selectedTarget()));
        node.put("trigger", Integer.toString(leaf.trigger().code()));
        ArrayNode plan = node.putArray("plan");
        for (int i = 0; i < Leaf.LONGEST_PLAN; i++) {
            plan.add(Integer.toString(i < leaf.plan().size() ? leaf.plan().get(i) : Leaf.NO_TARGET));
        }
        switch (leaf.stage()) {
            case Stage.Planned planned -> {
                ended(node, "0", Leaf.NO_TIER, Leaf.NO_TARGET, "0", 0, 0);
                node.put("outcome", "0x");
                place(node, planned.turn(), planned.arrival(), planned.rank(), planned.open());
            }
            case Stage.Ended ended -> {
                ended(
                        node,
                        Integer.toString(ended.status().code()),
                        ended.servedTier(),
                        ended.servedTarget(),
                        Integer.toString(ended.attribution().code()),
                        ended.resends(),
                        ended.totalMillis());
                node.put("outcome", ended.outcome().toString());
                place(node, 0, 0, 0, 0);
            }
        }
        byte[] encoded = LeafEncoding.encode(leaf);
        node.put("encoded", VectorsWriter.hex(encoded));
        node.put("leaf_hash", new LogHasher().entry(encoded).toString());
        return node;
    }

    private static void ended(
            ObjectNode node, String status, int tier, int target, String attribution, int resends, long total) {
        node.put("served_tier", Integer.toString(tier));
        node.put("served_target", Integer.toString(target));
        node.put("status", status);
        node.put("attribution", attribution);
        node.put("resends", Integer.toString(resends));
        node.put("total_millis", Long.toString(total));
    }

    private static void place(ObjectNode node, long turn, long arrival, long rank, long open) {
        node.put("turn", Long.toString(turn));
        node.put("arrival", Long.toString(arrival));
        node.put("rank", Long.toString(rank));
        node.put("open", Long.toString(open));
    }
}
