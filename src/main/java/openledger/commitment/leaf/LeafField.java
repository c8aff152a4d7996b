package openledger.commitment.leaf;

import java.util.List;
import java.util.stream.Collectors;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Route;
import openledger.routing.Trigger;

/**
 * The fields of a leaf, version 2: where each stands, and which values a plan and an outcome may have there. Who writes no other values
 * writes leaves that everybody can read; a contract that punishes others can be held against this table. Numbers are big-endian.
 */
@SuppressWarnings("ImmutableEnumChecker") // lists of List.of
public enum LeafField {
    COMMITMENT("commitment", 0, 24, any(), any()),
    COUNTER("counter", 24, 8, values(1, Long.MAX_VALUE), values(1, Long.MAX_VALUE)),
    VERSION("version", 32, 1, only(2), only(2)),
    KIND("kind", 33, 1, only(1), only(2)),
    MODE("mode", 34, 1, values(2, 3), List.of(new Range(1, 3), new Range(0x82, 0x83))),
    COHORT("cohort", 35, 1, values(0, Leaf.COHORTS - 1), values(0, Leaf.COHORTS - 1)),
    ROUTE("route", 36, 2, values(0, 0xffff), values(0, 0xffff)),
    BUDGET("budget", 38, 1, values(1, Route.LARGEST_BUDGET), values(1, Route.LARGEST_BUDGET)),
    ATTEMPTS("attempts", 39, 1, values(0, 0xff), values(0, 0xff)),
    TIME("time", 40, 6, values(0, 0xffff_ffff_ffffL), values(0, 0xffff_ffff_ffffL)),
    SNAPSHOT("snapshot", 46, 4, values(0, Leaf.NO_SNAPSHOT - 1), values(0, Leaf.NO_SNAPSHOT)),
    SELECTED_TIER("selected tier", 50, 1, tier(), orNone(tier(), Leaf.NO_TIER)),
    SERVED_TIER("served tier", 51, 1, only(Leaf.NO_TIER), orNone(tier(), Leaf.NO_TIER)),
    SELECTED_TARGET("selected target", 52, 2, values(0, Leaf.NO_TARGET - 1), values(0, Leaf.NO_TARGET)),
    SERVED_TARGET("served target", 54, 2, only(Leaf.NO_TARGET), values(0, Leaf.NO_TARGET)),
    TRIGGER("trigger", 56, 1, values(0, Trigger.values().length - 1), values(0, Trigger.values().length - 1)),
    STATUS("status", 57, 1, only(0), values(1, DecisionStatus.values().length)),
    ATTRIBUTION("attribution", 58, 1, only(0), values(0, Attribution.values().length - 1)),
    RESENDS("resends", 59, 1, only(0), values(0, 0xff)),
    TOTAL_TIME("total time", 60, 4, only(0), values(0, 0xffff_ffffL)),
    /** Eight targets of two bytes; none stands behind a place that is not used. */
    PLAN("plan", 64, 16, any(), any()),
    TURN("turn", 80, 4, values(0, 0xffff_ffffL), List.of()),
    ARRIVAL("arrival", 84, 4, values(0, 0xffff_ffffL), List.of()),
    RANK("rank", 88, 4, values(0, 0xffff_ffffL), List.of()),
    OPEN("open", 92, 4, values(0, 0xffff_ffffL), List.of()),
    OUTCOME("outcome", 80, 16, List.of(), any());

    private static final byte PLANNED = 1;
    private static final List<LeafField> TABLE = List.of(values());

    private final String title;
    private final int offset;
    private final int length;
    private final List<Range> ofPlan;
    private final List<Range> ofOutcome;

    LeafField(String title, int offset, int length, List<Range> ofPlan, List<Range> ofOutcome) {
        this.title = title;
        this.offset = offset;
        this.length = length;
        this.ofPlan = ofPlan;
        this.ofOutcome = ofOutcome;
    }

    /** Numbers from {@code least} to {@code most}, both included. */
    public record Range(long least, long most) {
        boolean has(long value) {
            return value >= least && value <= most;
        }

        /** Both ends, or the only number. */
        @Override
        public String toString() {
            return least == most ? Long.toString(least) : least + ".." + most;
        }
    }

    private static List<Range> values(long least, long most) {
        return List.of(new Range(least, most));
    }

    private static List<Range> only(long value) {
        return values(value, value);
    }

    private static List<Range> tier() {
        return values(0, Route.MOST_TIERS - 1);
    }

    private static List<Range> orNone(List<Range> values, long none) {
        return List.of(values.getFirst(), new Range(none, none));
    }

    /** Bytes that are no number. */
    private static List<Range> any() {
        return values(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** What messages call it. */
    public String title() {
        return title;
    }

    /** Where it begins, from 0. */
    public int offset() {
        return offset;
    }

    /** How many bytes it has. */
    public int length() {
        return length;
    }

    /** The values that it may have in a plan, or in an outcome; empty if it has no such field. */
    public List<Range> values(boolean isPlan) {
        return isPlan ? ofPlan : ofOutcome;
    }

    /** True for those that are read as a number. */
    public boolean isNumber() {
        return length <= Long.BYTES;
    }

    /** The values that it may have, in words. */
    public static String words(List<Range> values) {
        return values.stream().map(Range::toString).collect(Collectors.joining(", "));
    }

    /**
     * Checks the bytes of a leaf against the table.
     *
     * @throws IllegalArgumentException that names the first field that has a value it may not have
     */
    static void check(byte[] leaf) {
        boolean isPlan = leaf[KIND.offset] == PLANNED;
        for (LeafField field : TABLE) {
            if (field.isNumber() && !field.values(isPlan).isEmpty()) {
                field.check(value(leaf, field.offset, field.length), isPlan);
            }
        }
    }

    /** Every leaf of every lane comes through here: it allocates nothing. */
    private void check(long value, boolean isPlan) {
        List<Range> ranges = values(isPlan);
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.get(i).has(value)) {
                return;
            }
        }
        List<Range> known = this == KIND ? List.of(ofPlan.getFirst(), ofOutcome.getFirst()) : ranges;
        throw new IllegalArgumentException(title + ": " + words(known) + ", not " + Long.toUnsignedString(value));
    }

    private static long value(byte[] leaf, int offset, int length) {
        long value = 0;
        for (int i = offset; i < offset + length; i++) {
            value = (value << Byte.SIZE) | (leaf[i] & 0xff);
        }
        return value;
    }
}
