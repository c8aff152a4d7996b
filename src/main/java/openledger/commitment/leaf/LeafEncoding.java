package openledger.commitment.leaf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.Hash32;
import openledger.unit.RouteId;

/** The 96 bytes of a leaf, version 1, big-endian. The table of offsets is in docs/explanation/0011-settlement.md. */
public final class LeafEncoding {
    /** Length of every leaf. */
    public static final int BYTES = 96;

    private static final byte VERSION = 1;
    private static final byte PLAN = 1;
    private static final byte OUTCOME = 2;
    private static final byte PLANNED = 0;
    private static final int KIND_OFFSET = 33;
    private static final int ANSWER_OFFSET = 80;
    private static final long U32 = 0xffff_ffffL;
    private static final int U16 = 0xffff;
    private static final int U8 = 0xff;

    private LeafEncoding() {}

    /** The bytes of a leaf. */
    public static byte[] encode(Leaf leaf) {
        byte[] out = new byte[BYTES];
        encode(leaf, out, 0);
        return out;
    }

    /** Writes the bytes of a leaf to {@code out} at {@code offset}. */
    public static void encode(Leaf leaf, byte[] out, int offset) {
        ByteBuffer to = ByteBuffer.wrap(out, offset, BYTES).slice();
        leaf.request().copyTo(out, offset);
        to.position(Hash32.BYTES);
        to.put(VERSION);
        to.put(leaf.stage() instanceof Stage.Planned ? PLAN : OUTCOME);
        to.put((byte) leaf.mode().code());
        to.put((byte) leaf.cohort());
        to.putShort((short) leaf.route().value());
        to.put((byte) leaf.budget());
        to.put((byte) leaf.attempts());
        to.putShort((short) (leaf.timeMillis() >>> Integer.SIZE));
        to.putInt((int) leaf.timeMillis());
        to.putInt((int) leaf.snapshot());
        to.put((byte) leaf.selectedTier());
        switch (leaf.stage()) {
            case Stage.Planned planned -> planned(to, leaf, planned);
            case Stage.Ended ended -> {
                ended(to, leaf, ended);
                ended.answer().copyTo(out, offset + ANSWER_OFFSET);
            }
        }
    }

    private static void planned(ByteBuffer to, Leaf leaf, Stage.Planned planned) {
        to.put((byte) Leaf.NO_TIER);
        to.putShort((short) leaf.selectedTarget());
        to.putShort((short) Leaf.NO_TARGET);
        to.put((byte) leaf.trigger().code());
        to.put(PLANNED);
        to.put((byte) Attribution.NONE.code());
        to.put((byte) 0);
        to.putInt(0);
        plan(to, leaf);
        to.putInt((int) planned.turn());
        to.putInt((int) planned.deficit());
        to.putInt((int) planned.rank());
        to.putInt((int) planned.open());
    }

    private static void ended(ByteBuffer to, Leaf leaf, Stage.Ended ended) {
        to.put((byte) ended.servedTier());
        to.putShort((short) leaf.selectedTarget());
        to.putShort((short) ended.servedTarget());
        to.put((byte) leaf.trigger().code());
        to.put((byte) ended.status().code());
        to.put((byte) ended.attribution().code());
        to.put((byte) ended.resends());
        to.putInt((int) ended.totalMillis());
        plan(to, leaf);
    }

    private static void plan(ByteBuffer to, Leaf leaf) {
        for (int i = 0; i < Leaf.LONGEST_PLAN; i++) {
            to.putShort((short) (i < leaf.plan().size() ? leaf.plan().get(i) : Leaf.NO_TARGET));
        }
    }

    /**
     * Whether a leaf is a plan, and not an outcome.
     *
     * @param leaves of {@link #BYTES} each
     * @param index of the leaf, from 0
     */
    public static boolean isPlan(byte[] leaves, int index) {
        return leaves[index * BYTES + KIND_OFFSET] == PLAN;
    }

    /**
     * Reads a leaf.
     *
     * @throws IllegalArgumentException that names the field if these are not the bytes of a leaf we could have written
     */
    public static Leaf decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("leaf: 96 bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Hash32 request = Hash32.of(bytes, 0);
        in.position(Hash32.BYTES);
        expect("version", VERSION, u8(in));
        int kind = u8(in);
        if (kind != PLAN && kind != OUTCOME) {
            throw new IllegalArgumentException("kind: 1 or 2, not " + kind);
        }
        LeafMode mode = coded("mode", u8(in), LeafMode::ofCode);
        int cohort = u8(in);
        RouteId route = new RouteId(u16(in));
        int budget = u8(in);
        int attempts = u8(in);
        long time = (long) u16(in) << Integer.SIZE | u32(in);
        long snapshot = u32(in);
        int selectedTier = u8(in);
        int servedTier = u8(in);
        int selectedTarget = u16(in);
        int servedTarget = u16(in);
        Trigger trigger = coded("trigger", u8(in), Trigger::ofCode);
        int status = u8(in);
        Attribution attribution = coded("attribution", u8(in), Attribution::ofCode);
        int resends = u8(in);
        long total = u32(in);
        List<Integer> plan = plan(in);
        Stage stage;
        if (kind == PLAN) {
            expect("served tier", Leaf.NO_TIER, servedTier);
            expect("served target", Leaf.NO_TARGET, servedTarget);
            expect("status", PLANNED, status);
            expect("attribution", Attribution.NONE.code(), attribution.code());
            expect("resends", 0, resends);
            expect("total time", 0, total);
            stage = new Stage.Planned(u32(in), u32(in), u32(in), u32(in));
        } else {
            AnswerCommitment answer = AnswerCommitment.read(bytes, ANSWER_OFFSET);
            DecisionStatus ended = coded("status", status, DecisionStatus::ofCode);
            stage = new Stage.Ended(ended, servedTier, servedTarget, attribution, resends, total, answer);
        }
        return new Leaf(
                request,
                mode,
                cohort,
                route,
                budget,
                attempts,
                time,
                snapshot,
                selectedTier,
                selectedTarget,
                trigger,
                plan,
                stage);
    }

    /** Targets up to the first unused place; nothing may come after it. */
    private static List<Integer> plan(ByteBuffer in) {
        List<Integer> plan = new ArrayList<>(Leaf.LONGEST_PLAN);
        int used = 0;
        for (int i = 0; i < Leaf.LONGEST_PLAN; i++) {
            int target = u16(in);
            if (target != Leaf.NO_TARGET) {
                plan.add(target);
                used = i + 1;
            }
        }
        if (used != plan.size()) {
            throw new IllegalArgumentException("plan: an unused place before a used one");
        }
        return plan;
    }

    private static <T> T coded(String field, int code, IntFunction<T> ofCode) {
        try {
            return ofCode.apply(code);
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(field + ": nothing has code " + code, unknown);
        }
    }

    private static void expect(String field, long expected, long found) {
        if (expected != found) {
            throw new IllegalArgumentException(field + ": " + expected + ", not " + found);
        }
    }

    private static int u8(ByteBuffer in) {
        return in.get() & U8;
    }

    private static int u16(ByteBuffer in) {
        return in.getShort() & U16;
    }

    private static long u32(ByteBuffer in) {
        return in.getInt() & U32;
    }
}
