package openledger.store.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Attribution;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.TimeSplit;
import openledger.routing.DecisionStatus;
import openledger.routing.Plan;
import openledger.routing.Trigger;
import openledger.unit.RequestId;

/** The decision in a record. Five times something was added at the end, and older records end before it. */
final class DecisionEncoding {
    private static final int MOST_RESENDS = 255;

    private DecisionEncoding() {}

    static void write(RecordWriter out, Decision decision) {
        IntentEncoding.write(out, decision.intent());
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
        out.u8(decision.mode().code());
        // Nothing of this is in mode FAST, whose records are most of the journal.
        if (decision.mode() != LeafMode.FAST) {
            out.u64(split.hold());
            out.u64(split.confirm());
            PlanEncoding.write(out, decision.plan());
        }
        AttemptDetails.write(
                out, decision.attempts(), decision.intent().resendKey().isPresent());
        IntentEncoding.writeKey(out, decision.intent());
    }

    static Decision read(RecordReader in, RequestId id) {
        Intent intent = IntentEncoding.read(in);
        DecisionStatus status = DecisionStatus.ofCode(in.u8());
        int selected = in.u16();
        int servedTier = in.u8();
        int servedTarget = in.u16();
        Trigger trigger = Trigger.ofCode(in.u8());
        Attribution attribution = Attribution.ofCode(in.u8());
        int overtakes = in.u32();
        TimeSplit split = new TimeSplit(in.u64(), in.u64(), in.u64(), in.u64(), in.u64(), in.u64(), 0, 0);
        List<AttemptRecord> attempts = attempts(in);
        int resends = in.hasMore() ? in.u8() : 0;
        byte[] responseDigest = in.hasMore() ? in.raw(Decision.DIGEST_BYTES) : new byte[Decision.DIGEST_BYTES];
        Intent whole = IntentEncoding.withNonce(intent, in);
        LeafMode mode = in.hasMore() ? LeafMode.ofCode(in.u8()) : intent.mode();
        Optional<Plan> plan = Optional.empty();
        if (mode != LeafMode.FAST && in.hasMore()) {
            split = withWaits(split, in.u64(), in.u64());
            plan = PlanEncoding.readPlan(in);
        }
        List<AttemptRecord> detailed = AttemptDetails.read(in, attempts);
        return new Decision(
                id,
                IntentEncoding.withKey(whole, in),
                status,
                detailed,
                resends,
                selected,
                servedTier,
                servedTarget,
                trigger,
                attribution,
                overtakes,
                split,
                responseDigest,
                mode,
                plan);
    }

    private static List<AttemptRecord> attempts(RecordReader in) {
        int count = in.u8();
        List<AttemptRecord> attempts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            attempts.add(new AttemptRecord(
                    in.u8(), in.u8(), in.u16(), Trigger.ofCode(in.u8()), in.u16(), in.u64(), in.u64(), in.text()));
        }
        return List.copyOf(attempts);
    }

    private static TimeSplit withWaits(TimeSplit split, long hold, long confirm) {
        return new TimeSplit(
                split.admit(),
                split.backoff(),
                split.upstream(),
                split.journal(),
                split.stream(),
                split.total(),
                hold,
                confirm);
    }
}
