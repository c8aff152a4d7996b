package openledger.store.journal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import openledger.commitment.SnapshotEncoding;
import openledger.inference.record.AttemptMark;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.PlannedRequest;
import openledger.routing.allocation.Snapshot;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/**
 * The binary form of journal records, version 1: {@code u32 length ‖ u8 version ‖ u8 kind ‖ u64 number ‖ …}, big-endian; the
 * number is a request's counter, a snapshot's own. A decision and a plan repeat their intent, so each record can be read alone.
 * Texts are UTF-8 behind a length byte. What was added later stands at the end, so that older records stay readable: they end
 * before it. The mark of an attempt is not among the {@code records} of its chunk, which say how much there is to derive.
 */
public final class RecordEncoding {
    private static final int VERSION = 1;

    private RecordEncoding() {}

    /** What a record is of. */
    public enum Kind {
        INTENT(1),
        DECISION(2),
        SNAPSHOT(3),
        PLAN(4),
        ATTEMPT(5);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        private static Kind ofCode(int code) {
            return switch (code) {
                case 1 -> INTENT;
                case 2 -> DECISION;
                case 3 -> SNAPSHOT;
                case 4 -> PLAN;
                case 5 -> ATTEMPT;
                default -> throw new IllegalArgumentException("journal record of kind " + code);
            };
        }
    }

    /** A record read back. */
    public sealed interface JournalRecord {
        record OfIntent(long counter, Intent intent) implements JournalRecord {}

        record OfDecision(long counter, Decision decision) implements JournalRecord {}

        record OfPlan(long counter, PlannedRequest plan) implements JournalRecord {}

        record OfAttempt(AttemptMark attempt) implements JournalRecord {}

        /** A snapshot, whose bytes are neither copied nor read until they are asked for. */
        record OfSnapshot(long number, ByteBuffer encoded) implements JournalRecord {
            /** A copy of {@link SnapshotEncoding}'s bytes. */
            byte[] bytes() {
                byte[] bytes = new byte[encoded.remaining()];
                encoded.get(encoded.position(), bytes);
                return bytes;
            }
        }
    }

    /**
     * A record as it stands in a chunk.
     *
     * @param place its number in the chunk, from 1
     * @param kind what it is of
     * @param number counter of its request, or of its snapshot
     * @param body what comes behind the number
     * @param whole all of it, its length before it; a view of the chunk
     */
    public record Undecoded(int place, Kind kind, long number, ByteBuffer body, ByteBuffer whole) {
        /**
         * Reads it.
         *
         * @throws IllegalArgumentException if it is cut off
         */
        JournalRecord decode(LaneId lane) {
            RecordReader in = new RecordReader(body.duplicate());
            try {
                return switch (kind) {
                    case INTENT ->
                        new JournalRecord.OfIntent(
                                number,
                                IntentEncoding.withKey(IntentEncoding.withNonce(IntentEncoding.read(in), in), in));
                    case DECISION -> new JournalRecord.OfDecision(number, decodeDecision(lane));
                    case SNAPSHOT -> new JournalRecord.OfSnapshot(number, body.duplicate());
                    case PLAN ->
                        new JournalRecord.OfPlan(number, PlanEncoding.read(in, new RequestId(lane.value(), number)));
                    case ATTEMPT ->
                        new JournalRecord.OfAttempt(
                                new AttemptMark(new RequestId(lane.value(), number), in.u8(), in.u8(), in.u16()));
                };
            } catch (BufferUnderflowException e) {
                throw new IllegalArgumentException("a journal record is cut off", e);
            }
        }

        /**
         * Reads a decision.
         *
         * @throws IllegalArgumentException if it is cut off
         */
        public Decision decodeDecision(LaneId lane) {
            try {
                return DecisionEncoding.read(new RecordReader(body.duplicate()), new RequestId(lane.value(), number));
            } catch (BufferUnderflowException e) {
                throw new IllegalArgumentException("a journal record is cut off", e);
            }
        }
    }

    public static void write(RecordWriter out, long counter, Intent intent) {
        int start = head(out, Kind.INTENT, counter);
        IntentEncoding.write(out, intent);
        out.text(intent.nonce());
        IntentEncoding.writeKey(out, intent);
        out.closeLength(start);
    }

    public static void write(RecordWriter out, Decision decision) {
        int start = head(out, Kind.DECISION, decision.id().counter());
        DecisionEncoding.write(out, decision);
        out.closeLength(start);
    }

    static void write(RecordWriter out, AttemptMark attempt) {
        int start = head(out, Kind.ATTEMPT, attempt.id().counter());
        out.u8(attempt.number());
        out.u8(attempt.tier());
        out.u16(attempt.target());
        out.closeLength(start);
    }

    static void write(RecordWriter out, PlannedRequest planned) {
        int start = head(out, Kind.PLAN, planned.id().counter());
        PlanEncoding.write(out, planned);
        out.closeLength(start);
    }

    static void write(RecordWriter out, Snapshot snapshot) {
        write(out, snapshot.number(), SnapshotEncoding.encode(snapshot));
    }

    /** A snapshot that has been encoded already. */
    static void write(RecordWriter out, long number, byte[] snapshot) {
        int start = head(out, Kind.SNAPSHOT, number);
        out.raw(snapshot);
        out.closeLength(start);
    }

    private static int head(RecordWriter out, Kind kind, long number) {
        int start = out.openLength();
        out.u8(VERSION);
        out.u8(kind.code);
        out.u64(number);
        return start;
    }

    /**
     * Reads the records of a chunk in order.
     *
     * @throws IllegalArgumentException if the bytes are not whole records of a version we know
     */
    public static void read(byte[] chunk, LaneId lane, Consumer<JournalRecord> to) {
        scan(chunk, record -> to.accept(record.decode(lane)));
    }

    /**
     * Goes through the records of a chunk in order and decodes none of them: who wants few kinds pays for no others.
     *
     * @throws IllegalArgumentException if the bytes are not whole records of a version we know
     */
    public static void scan(byte[] chunk, Consumer<Undecoded> to) {
        ByteBuffer in = ByteBuffer.wrap(chunk);
        int place = 0;
        try {
            while (in.hasRemaining()) {
                int start = in.position();
                int length = in.getInt();
                if (length < 0 || length > in.remaining()) {
                    throw new IllegalArgumentException("a journal record is cut off");
                }
                ByteBuffer record = in.slice(in.position(), length);
                in.position(in.position() + length);
                to.accept(undecoded(record, in.slice(start, in.position() - start), ++place));
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a journal record is cut off", e);
        }
    }

    private static Undecoded undecoded(ByteBuffer record, ByteBuffer whole, int place) {
        int version = record.get() & 0xff;
        if (version != VERSION) {
            throw new IllegalArgumentException("journal record of version " + version);
        }
        Kind kind = Kind.ofCode(record.get() & 0xff);
        return new Undecoded(place, kind, record.getLong(), record.slice(), whole);
    }
}
