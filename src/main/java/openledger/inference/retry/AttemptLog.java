package openledger.inference.retry;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import openledger.budget.AttemptPermit;
import openledger.inference.record.AttemptDetail;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.TimeSplit;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.CallResult;
import openledger.routing.Trigger;
import openledger.unit.TargetId;

/** Records the attempts of one request, and where its time goes. Confined to the request's event loop. */
public final class AttemptLog {
    private static final long MICRO = 1_000;

    private final long arrivalNanos;
    private final Taken taken;
    private final List<AttemptRecord> records = new ArrayList<>(2);
    private long firstAttemptNanos = -1;
    private long backoffNanos;
    private long upstreamNanos;
    private long holdNanos;
    private long confirmNanos;
    private long upstreamSince;
    private int inFlight;
    private Trigger lastFailure = Trigger.NONE;
    private boolean bestTierWasClosed;

    /**
     * Of a request that has made none.
     *
     * @param taken is told of each attempt as it is taken
     */
    public AttemptLog(long arrivalNanos, Taken taken) {
        this.arrivalNanos = arrivalNanos;
        this.taken = taken;
    }

    /** Who keeps what a crash must not take along. */
    @FunctionalInterface
    public interface Taken {
        void attempt(int number, int tier, int target);

        /** Completes once the next call may be made, for what was told so far is safe; empty if it may be made at once. */
        default Optional<Uni<Void>> kept() {
            return Optional.empty();
        }
    }

    /** What the next call has to wait for: {@link Taken#kept}. */
    Optional<Uni<Void>> kept() {
        return taken.kept();
    }

    /** A call has begun. */
    void begin(AttemptPermit permit, TargetId target, long now) {
        noteFirst(now);
        taken.attempt(permit.number(), permit.tier(), target.value());
        if (inFlight++ == 0) {
            upstreamSince = now;
        }
    }

    /** A call that had begun is over, or has brought the first content. */
    void finish(AttemptPermit permit, TargetId target, long startNanos, Trigger trigger, CallEnd end, long now) {
        if (--inFlight == 0) {
            upstreamNanos += now - upstreamSince;
        }
        add(permit, target.value(), trigger, end, startNanos, now);
    }

    /** A slot was spent without a call. */
    public void refused(AttemptPermit permit, int target, Trigger trigger, long now) {
        noteFirst(now);
        bestTierWasClosed |= permit.tier() == 0 && trigger.isClosure();
        taken.attempt(permit.number(), permit.tier(), target);
        add(permit, target, trigger, CallEnd.OURS, now, now);
    }

    /** An attempt that a router before us has made, or may have: its connection went with that router. */
    public void spentElsewhere(AttemptPermit permit, long now) {
        noteFirst(now);
        taken.attempt(permit.number(), permit.tier(), TargetId.NONE);
        add(permit, TargetId.NONE, Trigger.CONNECTION_LOST, CallEnd.OURS, now, now);
    }

    /** It waits for its plan from now on: what comes before is its admission. */
    public void admitted(long now) {
        noteFirst(now);
    }

    public void waited(long nanos) {
        backoffNanos += nanos;
    }

    /** It waited for its plan. */
    public void held(long nanos) {
        holdNanos += nanos;
    }

    /** Everything else was ready, and it waited for its plan to be confirmed. */
    public void confirming(long nanos) {
        confirmNanos += nanos;
    }

    /** Time so far that it waited for its plan, microseconds. */
    public long holdMicros() {
        return holdNanos / MICRO;
    }

    /** The serving attempt's answer broke after its first content. */
    public void broke(int number, Trigger why, long now) {
        change(number, record -> record.broken(why, (now - arrivalNanos) / MICRO - record.startMicros()));
        lastFailure = why;
    }

    /** The serving attempt's answer is whole and says what it took. */
    public void took(int number, Optional<TokenUsage> usage) {
        change(number, record -> record.with(record.detail().with(usage)));
    }

    private void change(int number, UnaryOperator<AttemptRecord> how) {
        records.replaceAll(record -> record.number() == number ? how.apply(record) : record);
    }

    private void noteFirst(long now) {
        if (firstAttemptNanos < 0) {
            firstAttemptNanos = now;
        }
    }

    private void add(AttemptPermit permit, int target, Trigger trigger, CallEnd end, long start, long now) {
        records.add(new AttemptRecord(
                permit.number(),
                permit.tier(),
                target,
                trigger,
                end.httpStatus(),
                (start - arrivalNanos) / MICRO,
                (now - start) / MICRO,
                end.upstreamRequestId(),
                end.detail()));
        if (trigger != Trigger.NONE) {
            lastFailure = trigger;
        }
    }

    /** In order of their numbers. */
    public List<AttemptRecord> records() {
        if (records.size() > 1) {
            records.sort(java.util.Comparator.comparingInt(AttemptRecord::number));
        }
        return List.copyOf(records);
    }

    /** Target of the first attempt. */
    public int selectedTarget() {
        for (AttemptRecord r : records) {
            if (r.number() == 1) {
                return r.target();
            }
        }
        return TargetId.NONE;
    }

    /** True if an attempt in the best tier was spent because the request could not be put to the target. */
    public boolean bestTierWasClosed() {
        return bestTierWasClosed;
    }

    public Trigger lastFailure() {
        return lastFailure;
    }

    /** Time so far that was neither upstream nor a wait on purpose, microseconds. */
    public long overheadMicros(long now) {
        return Math.max(0, now - arrivalNanos - backoffNanos - upstreamNanos - holdNanos - confirmNanos) / MICRO;
    }

    /**
     * The split at the end.
     *
     * @param journalNanos the answer waited for its record
     * @param streamNanos the answer flowed
     */
    public TimeSplit split(long journalNanos, long streamNanos, long now) {
        long admitted = firstAttemptNanos < 0 ? now : firstAttemptNanos;
        return new TimeSplit(
                (admitted - arrivalNanos) / MICRO,
                backoffNanos / MICRO,
                upstreamNanos / MICRO,
                journalNanos / MICRO,
                streamNanos / MICRO,
                (now - arrivalNanos) / MICRO,
                holdNanos / MICRO,
                confirmNanos / MICRO);
    }

    /** What a call's end tells about itself. */
    record CallEnd(int httpStatus, String upstreamRequestId, AttemptDetail detail) {
        /** We ended it: outrun by a hedge, or the client left. */
        static final CallEnd OURS = new CallEnd(0, "", AttemptDetail.NONE);

        static CallEnd of(CallResult result) {
            return new CallEnd(result.httpStatus(), result.upstreamRequestId(), result.detail());
        }
    }
}
