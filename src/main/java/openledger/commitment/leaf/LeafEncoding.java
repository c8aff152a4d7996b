package openledger.commitment.leaf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;

/** The 96 bytes of a leaf, version 2, big-endian. {@link LeafField} says where each field stands. */
public final class LeafEncoding {
    /** Length of every leaf. */
    public static final int BYTES = 96;

    private static final byte VERSION = 2;
    private static final byte PLANNED = 0;
    private static final long U32 = 0xffff_ffffL;
    private static final int U16 = 0xffff;
    private static final int U8 = 0xff;

    private LeafEncoding() {}

    /**
     * The bytes that a person gives: {@code 0x} and 192 hexadecimal digits. Whether they are a leaf is for {@link #decode} to say.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static byte[] ofHex(String text) {
        byte[] bytes = HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : "");
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a leaf has " + BYTES + " bytes, not " + bytes.length);
        }
        return bytes;
    }

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
        to.position(RequestKey.BYTES);
        to.put(VERSION);
        to.put((byte) (leaf.stage() instanceof Stage.Planned ? LeafKind.PLAN : LeafKind.OUTCOME).code());
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
                ended.outcome().copyTo(out, offset + LeafField.OUTCOME.offset());
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
        to.putInt((int) planned.arrival());
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
     * Reads a leaf.
     *
     * @throws IllegalArgumentException that names the field if these are not the bytes of a leaf we could have written
     */
    public static Leaf decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("leaf: 96 bytes, not " + bytes.length);
        }
        LeafField.check(bytes);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        in.position(LeafField.MODE.offset());
        LeafMode mode = LeafMode.ofCode(u8(in));
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
        Trigger trigger = Trigger.ofCode(u8(in));
        int status = u8(in);
        Attribution attribution = Attribution.ofCode(u8(in));
        int resends = u8(in);
        long total = u32(in);
        List<Integer> plan = plan(in);
        Stage stage = LeafKind.of(bytes, 0) == LeafKind.PLAN
                ? new Stage.Planned(u32(in), u32(in), u32(in), u32(in))
                : new Stage.Ended(
                        DecisionStatus.ofCode(status),
                        servedTier,
                        servedTarget,
                        attribution,
                        resends,
                        total,
                        OutcomeCommitment.read(bytes, LeafField.OUTCOME.offset()));
        return new Leaf(
                RequestKey.read(bytes, 0),
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
