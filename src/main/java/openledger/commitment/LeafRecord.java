package openledger.commitment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import openledger.commitment.Leaf.Stage;
import openledger.routing.DecisionStatus;
import openledger.routing.Gate;
import openledger.routing.Trigger;

/**
 * What the record beside a receipt's leaf says, and what of it the leaf proves. A record shows a member only if it means something, so
 * one that is not there says nothing special.
 */
public final class LeafRecord {
    /** Words of a record that the leaf has too. */
    public static final List<String> WORDS = List.of("status", "attribution", "mode", "gate", "fallback_reason");
    /** Numbers of a record that the leaf has too. */
    public static final List<String> NUMBERS = List.of("route_id", "budget", "attempts", "resends", "snapshot");
    /** No number of a leaf is larger. */
    public static final long LARGEST = 0xffff_ffffL;
    /** Whether it was let go before its level was reached. */
    public static final String RELEASED = "released";

    private static final int MOST_RESENDS = 255;
    private static final String NOTHING = "";

    private LeafRecord() {}

    /** What a record has to say if the leaf is that of its request's end; empty for a plan. */
    static Map<String, String> of(Leaf leaf) {
        Map<String, String> members = new LinkedHashMap<>();
        if (leaf.stage() instanceof Stage.Ended ended) {
            members.put("status", ended.status().name());
            members.put("attribution", ended.attribution().name());
            members.put("mode", leaf.mode().routing().word());
            members.put("gate", leaf.mode().gate().map(Gate::word).orElse(NOTHING));
            members.put(RELEASED, leaf.mode().isReleased() ? "true" : NOTHING);
            members.put(
                    "fallback_reason",
                    leaf.trigger() == Trigger.NONE ? NOTHING : leaf.trigger().name());
            members.put("route_id", Integer.toString(leaf.route().value()));
            members.put("budget", Integer.toString(leaf.budget()));
            // A crash takes the record of attempts along that were spent before a plan; the leaf keeps their number.
            if (ended.status() != DecisionStatus.INTERRUPTED) {
                members.put("attempts", Integer.toString(leaf.attempts()));
            }
            members.put("resends", ended.resends() == 0 ? NOTHING : Integer.toString(ended.resends()));
            members.put("snapshot", leaf.snapshot() == Leaf.NO_SNAPSHOT ? NOTHING : Long.toString(leaf.snapshot()));
        }
        return members;
    }

    /** The first member of a record that the leaf does not bear out, in words; empty if there is none. */
    static String objection(Map<String, String> record, Leaf leaf) {
        for (Map.Entry<String, String> proved : of(leaf).entrySet()) {
            String said = record.getOrDefault(proved.getKey(), NOTHING);
            if (!said.equals(proved.getValue()) && !isMoreThanALeafCounts(proved, said)) {
                return "The record has " + proved.getKey() + " " + shown(said) + ", but the leaf has "
                        + shown(proved.getValue()) + ".";
            }
        }
        return NOTHING;
    }

    private static boolean isMoreThanALeafCounts(Map.Entry<String, String> proved, String said) {
        return "resends".equals(proved.getKey())
                && proved.getValue().equals(Integer.toString(MOST_RESENDS))
                && !said.isEmpty()
                && Long.parseLong(said) >= MOST_RESENDS;
    }

    private static String shown(String value) {
        return value.isEmpty() ? "none" : value;
    }
}
