package openledger.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import openledger.commitment.LeafMode;
import openledger.fairness.Attribution;
import openledger.inference.AnswerForm;
import openledger.inference.AttemptRecord;
import openledger.inference.Decision;
import openledger.inference.Intent;
import openledger.inference.TimeSplit;
import openledger.routing.DecisionStatus;
import openledger.routing.Operation;
import openledger.routing.Trigger;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RouteId;

/**
 * The binary form of journal records, version 1: {@code u32 length ‖ u8 version ‖ u8 kind ‖ u64 counter ‖ …}, big-endian.
 * A decision repeats its intent, so each record can be read alone. Texts are UTF-8 behind a length byte. What was added later
 * stands at the end, so that older records stay readable: they end before it.
 */
final class RecordEncoding {
    private static final int VERSION = 1;
    private static final int INTENT = 1;
    private static final int DECISION = 2;
    private static final int MOST_RESENDS = 255;

    private RecordEncoding() {}

    /** A record read back. */
    sealed interface JournalRecord {
        long counter();

        record OfIntent(long counter, Intent intent) implements JournalRecord {}

        record OfDecision(long counter, Decision decision) implements JournalRecord {}
    }

    static void write(RecordWriter out, long counter, Intent intent) {
        int place = head(out, INTENT, counter);
        intent(out, intent);
        out.text(intent.nonce());
        out.closeLength(place);
    }

    static void write(RecordWriter out, Decision decision) {
        int place = head(out, DECISION, decision.id().counter());
        intent(out, decision.intent());
        out.u8(decision.status().code());
        out.u16(decision.selectedTarget());
        out.u8(decision.servedTier());
        out.u16(decision.servedTarget());
        out.u8(decision.trigger().code());
        out.u8(decision.attribution().code());
        out.u32(decision.overtakes());
        TimeSplit split = decision.timeSplit();
        out.u64(split.admit());
        out.u64(split.backoff());
        out.u64(split.upstream());
        out.u64(split.journal());
        out.u64(split.stream());
        out.u64(split.total());
        out.u8(decision.attempts().size());
        for (AttemptRecord attempt : decision.attempts()) {
            out.u8(attempt.number());
            out.u8(attempt.tier());
            out.u16(attempt.target());
            out.u8(attempt.trigger().code());
            out.u16(attempt.httpStatus());
            out.u64(attempt.startMicros());
            out.u64(attempt.micros());
            out.text(attempt.upstreamRequestId());
        }
        out.u8(Math.min(decision.resends(), MOST_RESENDS));
        out.raw(decision.responseDigest());
        out.text(decision.intent().nonce());
        out.closeLength(place);
    }

    private static int head(RecordWriter out, int kind, long counter) {
        int place = out.openLength();
        out.u8(VERSION);
        out.u8(kind);
        out.u64(counter);
        return place;
    }

    private static void intent(RecordWriter out, Intent intent) {
        out.u64(intent.arrivalMillis());
        out.text(intent.tenant());
        out.u16(intent.route().value());
        out.u8(intent.mode().code());
        out.u8(intent.budget());
        out.u8(intent.operation().code() << 1 | (intent.form() == AnswerForm.STREAM ? 1 : 0));
        out.raw(intent.bodyDigest());
        out.text(intent.clientRequestId());
    }

    /**
     * Reads the records of a chunk in order.
     *
     * @throws IllegalArgumentException if the bytes are not whole records of a version we know
     */
    static void read(byte[] chunk, LaneId lane, Consumer<JournalRecord> to) {
        ByteBuffer in = ByteBuffer.wrap(chunk);
        try {
            while (in.hasRemaining()) {
                int length = in.getInt();
                if (length < 0 || length > in.remaining()) {
                    throw new IllegalArgumentException("a journal record is cut off");
                }
                ByteBuffer record = in.slice(in.position(), length);
                in.position(in.position() + length);
                to.accept(record(record, lane));
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a journal record is cut off", e);
        }
    }

    private static JournalRecord record(ByteBuffer in, LaneId lane) {
        int version = u8(in);
        if (version != VERSION) {
            throw new IllegalArgumentException("journal record of version " + version);
        }
        int kind = u8(in);
        long counter = in.getLong();
        return switch (kind) {
            case INTENT -> new JournalRecord.OfIntent(counter, withNonce(intent(in), in));
            case DECISION -> new JournalRecord.OfDecision(counter, decision(in, new RequestId(lane.value(), counter)));
            default -> throw new IllegalArgumentException("journal record of kind " + kind);
        };
    }

    private static Intent intent(ByteBuffer in) {
        long arrival = in.getLong();
        String tenant = text(in);
        RouteId route = new RouteId(u16(in));
        LeafMode mode = LeafMode.ofCode(u8(in));
        int budget = u8(in);
        int asked = u8(in);
        Operation operation = Operation.ofCode(asked >>> 1);
        AnswerForm form = (asked & 1) == 1 ? AnswerForm.STREAM : AnswerForm.PLAIN;
        byte[] digest = new byte[Decision.DIGEST_BYTES];
        in.get(digest);
        return new Intent(arrival, tenant, route, operation, mode, budget, form, digest, text(in), "");
    }

    private static Decision decision(ByteBuffer in, RequestId id) {
        Intent intent = intent(in);
        DecisionStatus status = DecisionStatus.ofCode(u8(in));
        int selected = u16(in);
        int servedTier = u8(in);
        int servedTarget = u16(in);
        Trigger trigger = Trigger.ofCode(u8(in));
        Attribution attribution = Attribution.ofCode(u8(in));
        int overtakes = in.getInt();
        TimeSplit split =
                new TimeSplit(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong(), 0, 0);
        int count = u8(in);
        List<AttemptRecord> attempts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            attempts.add(new AttemptRecord(
                    u8(in), u8(in), u16(in), Trigger.ofCode(u8(in)), u16(in), in.getLong(), in.getLong(), text(in)));
        }
        int resends = in.hasRemaining() ? u8(in) : 0;
        byte[] responseDigest = new byte[Decision.DIGEST_BYTES];
        if (in.hasRemaining()) {
            in.get(responseDigest);
        }
        return new Decision(
                id,
                withNonce(intent, in),
                status,
                List.copyOf(attempts),
                resends,
                selected,
                servedTier,
                servedTarget,
                trigger,
                attribution,
                overtakes,
                split,
                responseDigest,
                intent.mode(),
                Optional.empty());
    }

    private static Intent withNonce(Intent intent, ByteBuffer in) {
        String nonce = in.hasRemaining() ? text(in) : "";
        return nonce.isEmpty()
                ? intent
                : new Intent(
                        intent.arrivalMillis(),
                        intent.tenant(),
                        intent.route(),
                        intent.operation(),
                        intent.mode(),
                        intent.budget(),
                        intent.form(),
                        intent.bodyDigest(),
                        intent.clientRequestId(),
                        nonce);
    }

    private static int u8(ByteBuffer in) {
        return in.get() & 0xff;
    }

    private static int u16(ByteBuffer in) {
        return in.getShort() & 0xffff;
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[u8(in)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
