package openledger.settlement.cut;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.LaneSecret;
import openledger.inference.record.TimeSplit;
import openledger.routing.Trigger;
import openledger.settlement.cut.ReplayRecord.Attempt;

/**
 * The binary form of replay records, version 2, one behind the other in the order of the leaves. Each is {@code u16 length of
 * the rest ‖ u8 version ‖ u8 kind ‖ counter ‖ tag(16) ‖ …}, kinds as in leaves. Beside a PLAN {@code snapshot ‖ arrival ‖ pinned
 * ms} follow, beside an OUTCOME {@code overtakes ‖ resends ‖ admit ‖ backoff ‖ upstream ‖ journal ‖ stream ‖ total ‖ hold ‖ confirm ‖
 * u8 attempts ‖ …}, each attempt {@code u8 number ‖ u8 tier ‖ u16 target ‖ u8 trigger ‖ status ‖ start ‖ time}. Times are
 * microseconds where nothing else is said; what has no size is an unsigned LEB128 of at most 63 bits in its shortest form, so
 * that records have one form only. What is behind the length is the entry of a record under a batch's records root.
 */
public final class ReplayEncoding {
    private static final int VERSION = 2;
    private static final int PLAN = 1;
    private static final int OUTCOME = 2;
    private static final int LONGEST_VARINT = 9;
    /** Room for any record within its bounds, 11 numbers of 9 bytes and 31 bytes an attempt; and what a contract can be shown. */
    private static final int LONGEST_RECORD = 4_096;

    /** More than the records of any batch have. */
    public static final int MOST_BYTES = BatchHeader.MOST_LEAVES * (Short.BYTES + LONGEST_RECORD);

    private static final int TYPICAL_RECORD = 96;
    private static final int SEVEN_BITS = 0x7f;
    private static final int MORE = 0x80;

    private ReplayEncoding() {}

    /** The bytes of records. */
    public static byte[] write(List<ReplayRecord> records) {
        ByteBuffer out = ByteBuffer.allocate(records.size() * TYPICAL_RECORD);
        for (ReplayRecord record : records) {
            if (out.remaining() < LONGEST_RECORD) {
                out = ByteBuffer.allocate(2 * out.capacity() + LONGEST_RECORD).put(out.flip());
            }
            write(record, out);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void write(ReplayRecord record, ByteBuffer out) {
        int start = out.position();
        out.putShort((short) 0).put((byte) VERSION);
        switch (record) {
            case ReplayRecord.OfPlan plan -> plan(plan, out);
            case ReplayRecord.OfOutcome outcome -> outcome(outcome, out);
        }
        out.putShort(start, (short) (out.position() - start - Short.BYTES));
    }

    private static void plan(ReplayRecord.OfPlan record, ByteBuffer out) {
        out.put((byte) PLAN);
        number(out, record.counter());
        out.put(record.tenantTag());
        number(out, record.snapshot());
        number(out, record.arrival());
        number(out, record.pinnedMillis());
    }

    private static void outcome(ReplayRecord.OfOutcome record, ByteBuffer out) {
        out.put((byte) OUTCOME);
        number(out, record.counter());
        out.put(record.tenantTag());
        number(out, record.overtakes());
        number(out, record.resends());
        TimeSplit times = record.times();
        number(out, times.admit());
        number(out, times.backoff());
        number(out, times.upstream());
        number(out, times.journal());
        number(out, times.stream());
        number(out, times.total());
        number(out, times.hold());
        number(out, times.confirm());
        out.put((byte) record.attempts().size());
        for (Attempt attempt : record.attempts()) {
            out.put((byte) attempt.number()).put((byte) attempt.tier()).putShort((short) attempt.target());
            out.put((byte) attempt.trigger().code());
            number(out, attempt.httpStatus());
            number(out, attempt.startMicros());
            number(out, attempt.micros());
        }
    }

    private static void number(ByteBuffer out, long value) {
        long left = Math.max(0, value);
        while (left > SEVEN_BITS) {
            out.put((byte) ((left & SEVEN_BITS) | MORE));
            left >>>= 7;
        }
        out.put((byte) left);
    }

    /**
     * Reads records back.
     *
     * @throws IllegalArgumentException that says what is wrong if these are not what {@link #write} makes of at most 1_200 records
     */
    public static List<ReplayRecord> read(byte[] bytes) {
        List<ReplayRecord> records = new ArrayList<>();
        try {
            for (byte[] each : each(bytes)) {
                ByteBuffer record = ByteBuffer.wrap(each);
                records.add(record(record));
                if (record.hasRemaining()) {
                    throw new IllegalArgumentException("replay record " + (records.size() - 1) + ": bytes left over");
                }
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("replay record " + records.size() + ": cut off", e);
        }
        return List.copyOf(records);
    }

    /**
     * Records one by one, each without its length.
     *
     * @throws IllegalArgumentException if one is cut off, longer than 4,096 bytes, or they are more than 1,200
     */
    public static List<byte[]> each(byte[] bytes) {
        List<byte[]> records = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            if (records.size() == BatchHeader.MOST_LEAVES) {
                throw new IllegalArgumentException("replay records: more than 1200");
            }
            int length = in.remaining() < Short.BYTES ? LONGEST_RECORD + 1 : in.getShort() & 0xffff;
            if (length > LONGEST_RECORD || length > in.remaining()) {
                throw new IllegalArgumentException("replay record " + records.size() + ": cut off, or too long");
            }
            byte[] record = new byte[length];
            in.get(record);
            records.add(record);
        }
        return records;
    }

    private static ReplayRecord record(ByteBuffer in) {
        int version = u8(in);
        if (version != VERSION) {
            throw new IllegalArgumentException("replay record: version 2, not " + version);
        }
        int kind = u8(in);
        long counter = number(in);
        byte[] tag = new byte[LaneSecret.TAG_BYTES];
        in.get(tag);
        return switch (kind) {
            case PLAN -> new ReplayRecord.OfPlan(counter, tag, number(in), number(in), number(in));
            case OUTCOME -> outcome(in, counter, tag);
            default -> throw new IllegalArgumentException("replay record: kind 1 or 2, not " + kind);
        };
    }

    private static ReplayRecord outcome(ByteBuffer in, long counter, byte[] tag) {
        int overtakes = small("overtakes", number(in));
        int resends = small("resends", number(in));
        TimeSplit times = new TimeSplit(
                number(in), number(in), number(in), number(in), number(in), number(in), number(in), number(in));
        int count = u8(in);
        List<Attempt> attempts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            attempts.add(new Attempt(
                    u8(in),
                    u8(in),
                    in.getShort() & 0xffff,
                    Trigger.ofCode(u8(in)),
                    small("status", number(in)),
                    number(in),
                    number(in)));
        }
        return new ReplayRecord.OfOutcome(counter, tag, overtakes, resends, times, attempts);
    }

    private static long number(ByteBuffer in) {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            int next = u8(in);
            value |= (long) (next & SEVEN_BITS) << (7 * i);
            if ((next & MORE) == 0) {
                if (next == 0 && i > 0) {
                    throw new IllegalArgumentException("replay record: a number is not in its shortest form");
                }
                return value;
            }
        }
        throw new IllegalArgumentException("replay record: a number of more than 63 bits");
    }

    private static int small(String field, long value) {
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(field + ": at most 2147483647, not " + value);
        }
        return (int) value;
    }

    private static int u8(ByteBuffer in) {
        return in.get() & 0xff;
    }
}
