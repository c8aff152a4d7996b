package openledger.access;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.budget.RequestRate;
import org.jspecify.annotations.Nullable;

/**
 * Lets the requests of each key through within its limits. The counts are this router instance's own. Thread-safe.
 */
public final class KeyLimiter {
    private static final Duration WHEN_A_SLOT_MAY_BE_FREE = Duration.ofSeconds(1);
    private static final Passed UNLIMITED = new Passed(() -> {}, Optional.empty());
    private static final int SMALLEST_SWEEP = 1_024;

    private final Map<String, Gate> gates = new ConcurrentHashMap<>();
    private volatile int sweepAt = SMALLEST_SWEEP;

    /** One request of {@code caller} wants to go through; {@code nowNanos} is monotonic. */
    public Passage enter(Caller caller, long nowNanos) {
        if (caller.limits().equals(KeyLimits.NONE)) {
            return UNLIMITED;
        }
        while (true) {
            Gate gate = gates.get(caller.keyId());
            if (gate == null || !gate.limits.equals(caller.limits())) {
                gate = gates.compute(caller.keyId(), (id, old) -> Gate.after(old, caller.limits(), nowNanos));
                sweep(nowNanos);
            }
            if (gate.take()) {
                return pass(gate, nowNanos);
            }
            if (!gate.isRetired()) {
                return new Stopped(Reason.CONCURRENCY, WHEN_A_SLOT_MAY_BE_FREE, gate.standing(nowNanos));
            }
            gates.remove(caller.keyId(), gate);
        }
    }

    private static Passage pass(Gate gate, long nowNanos) {
        if (gate.rate.isEmpty()) {
            return new Passed(gate.slot(), Optional.empty());
        }
        return switch (gate.rate.get().take(nowNanos)) {
            case RequestRate.Granted(var standing) -> new Passed(gate.slot(), Optional.of(standing));
            case RequestRate.Refused(var standing, var retryAfter) -> {
                gate.giveBack();
                yield new Stopped(Reason.RATE, retryAfter, Optional.of(standing));
            }
        };
    }

    /** A gate that is idle is as good as a new one, so it can be forgotten: keys come and go for as long as we run. */
    private void sweep(long nowNanos) {
        if (gates.size() > sweepAt) {
            gates.values().removeIf(gate -> gate.retireIfIdle(nowNanos));
            sweepAt = Math.max(SMALLEST_SWEEP, 2 * gates.size());
        }
    }

    /** Keys that are counted at the moment. */
    int size() {
        return gates.size();
    }

    /** What became of a request at the keyLimiter. */
    public sealed interface Passage permits Passed, Stopped {
        /** How the key's rate stands; empty if it has none. */
        Optional<RequestRate.Standing> standing();
    }

    /** It may go on, and gives its slot back when it has ended. */
    public record Passed(Slot slot, Optional<RequestRate.Standing> standing) implements Passage {}

    /** It may not; {@code retryAfter} is when it is worth another try. */
    public record Stopped(Reason reason, Duration retryAfter, Optional<RequestRate.Standing> standing)
            implements Passage {}

    /** Which limit stopped a request. */
    public enum Reason {
        RATE,
        CONCURRENCY
    }

    /** A place among the concurrent requests of a key. */
    @FunctionalInterface
    public interface Slot {
        /** Gives it back; only the first time counts. */
        void release();
    }

    /** The counts of one key. */
    private static final class Gate {
        private static final int RETIRED = -1;

        final KeyLimits limits;
        final Optional<RequestRate> rate;
        private final int most;
        private final AtomicInteger inside;

        private Gate(KeyLimits limits, AtomicInteger inside, long nowNanos) {
            this.limits = limits;
            this.rate = limits.requestsPerMinute().isPresent()
                    ? Optional.of(new RequestRate(limits.requestsPerMinute().getAsInt(), nowNanos))
                    : Optional.empty();
            this.most = limits.concurrentRequests().orElse(Integer.MAX_VALUE);
            this.inside = inside;
        }

        /** The gate of a key whose limits are {@code limits} now; who is inside stays inside. */
        static Gate after(@Nullable Gate old, KeyLimits limits, long nowNanos) {
            if (old == null || old.isRetired()) {
                return new Gate(limits, new AtomicInteger(), nowNanos);
            }
            return old.limits.equals(limits) ? old : new Gate(limits, old.inside, nowNanos);
        }

        boolean take() {
            int now = inside.get();
            while (now != RETIRED && now < most) {
                if (inside.compareAndSet(now, now + 1)) {
                    return true;
                }
                now = inside.get();
            }
            return false;
        }

        void giveBack() {
            inside.decrementAndGet();
        }

        Slot slot() {
            AtomicBoolean given = new AtomicBoolean();
            return () -> {
                if (given.compareAndSet(false, true)) {
                    giveBack();
                }
            };
        }

        Optional<RequestRate.Standing> standing(long nowNanos) {
            return rate.map(bucket -> bucket.standingAt(nowNanos));
        }

        boolean isRetired() {
            return inside.get() == RETIRED;
        }

        boolean retireIfIdle(long nowNanos) {
            boolean full = standing(nowNanos)
                    .map(standing -> standing.reset().isZero())
                    .orElse(true);
            return full && inside.compareAndSet(0, RETIRED);
        }
    }
}
