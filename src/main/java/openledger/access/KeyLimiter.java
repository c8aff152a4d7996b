package openledger.access;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import openledger.budget.MinuteRate;
import openledger.cluster.share.Rate;
import openledger.cluster.share.RateShares;
import openledger.cluster.share.ShareName;
import openledger.cluster.share.ShareName.Kind;
import openledger.cluster.share.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Lets the requests of each key through within its limits, or this router's shares of them. Long because requests, tokens and places are limits
 * of one key, which come and go together. Thread-safe.
 */
public final class KeyLimiter {
    private static final Duration WHEN_A_SLOT_MAY_BE_FREE = Duration.ofSeconds(1);
    private static final Passed UNLIMITED = new Passed(() -> {}, Optional.empty());
    private static final Unsure UNSURE = new Unsure();
    private static final Reserved UNCOUNTED = new Reserved(TokenHold.NONE, Optional.empty());
    private static final int SMALLEST_SWEEP = 1_024;

    private final Map<String, Gate> gates = new ConcurrentHashMap<>();
    private final RateShares shares;
    private final LongSupplier clock;
    private volatile int sweepAt = SMALLEST_SWEEP;

    /**
     * A limiter that has let nobody through yet.
     *
     * @param shares this router's shares of limits
     * @param clock monotonic nanoseconds, for what is settled later
     */
    public KeyLimiter(RateShares shares, LongSupplier clock) {
        this.shares = shares;
        this.clock = clock;
    }

    /** One request of {@code caller} wants to go through; {@code nowNanos} is monotonic. */
    public Passage enter(Caller caller, long nowNanos) {
        if (caller.limits().equals(KeyLimits.NONE)) {
            return UNLIMITED;
        }
        while (true) {
            Gate gate = gate(caller, nowNanos);
            switch (gate.slots.take(nowNanos)) {
                case Slots.Free free -> {
                    return pass(gate, nowNanos);
                }
                case Slots.Full full -> {
                    return new Stopped(Reason.CONCURRENCY, WHEN_A_SLOT_MAY_BE_FREE, gate.standing(nowNanos));
                }
                case Slots.Asked(var answer) -> {
                    return new Waits(answer);
                }
                case Slots.Unknown lost -> {
                    return unknown();
                }
                case Slots.Retired retired -> gates.remove(caller.keyId(), gate);
            }
        }
    }

    /** Nobody knows still, and nobody waits any longer. */
    public static Stopped unknown() {
        return new Stopped(Reason.UNKNOWN, WHEN_A_SLOT_MAY_BE_FREE, Optional.empty());
    }

    private Gate gate(Caller caller, long nowNanos) {
        Gate known = gates.get(caller.keyId());
        if (known != null && known.limits.equals(caller.limits())) {
            return known;
        }
        Gate gate = gates.compute(caller.keyId(), (id, old) -> gate(caller, old, nowNanos));
        sweep(nowNanos);
        return gate;
    }

    /** The gate of a key; who is inside stays inside when its limits change. */
    private Gate gate(Caller caller, @Nullable Gate old, long nowNanos) {
        KeyLimits limits = caller.limits();
        if (old != null && old.limits.equals(limits)) {
            return old;
        }
        int most = limits.concurrentRequests().orElse(Integer.MAX_VALUE);
        // A key without such a limit is counted here alone, in case it gets one while requests are inside.
        RateShares whose = limits.concurrentRequests().isPresent() ? shares : RateShares.WHOLE;
        boolean isCountedThere = old != null && whose.equals(old.isShared() ? shares : RateShares.WHOLE);
        Slots slots = old != null && isCountedThere
                ? old.slots
                : whose.slots(ShareName.of(Kind.SLOTS, caller.keyId()), most, nowNanos);
        slots.most(most);
        return new Gate(
                limits,
                slots,
                rate(Kind.REQUESTS, caller, limits.requestsPerMinute(), nowNanos),
                rate(Kind.TOKENS, caller, limits.tokensPerMinute(), nowNanos));
    }

    /**
     * Reserves tokens for a request that is inside.
     *
     * @param estimate how many it may take, 0 or more; more than the key may ever use at once counts as that
     */
    public Reservation reserve(Caller caller, long estimate, long nowNanos) {
        if (caller.limits().tokensPerMinute().isEmpty() || estimate == 0) {
            return UNCOUNTED;
        }
        Rate tokens = gate(caller, nowNanos).tokens.orElseThrow();
        return switch (tokens.take(estimate, nowNanos)) {
            case Rate.Granted(var standing, var at) ->
                new Reserved(
                        new TokenHold(estimate, used -> tokens.settle(at, estimate, used, clock.getAsLong())),
                        Optional.of(standing));
            case Rate.Refused(var standing, var retryAfter) -> new TooMany(retryAfter, Optional.of(standing));
            case Rate.Asked(var answer) -> new Waits(answer);
            case Rate.Unknown lost -> UNSURE;
        };
    }

    private Optional<Rate> rate(Kind kind, Caller caller, OptionalInt limit, long nowNanos) {
        return limit.isPresent()
                ? Optional.of(shares.rate(ShareName.of(kind, caller.keyId()), limit.getAsInt(), nowNanos))
                : Optional.empty();
    }

    private static Passage pass(Gate gate, long nowNanos) {
        if (gate.rate.isEmpty()) {
            return new Passed(gate.slot(), Optional.empty());
        }
        return switch (gate.rate.get().take(1, nowNanos)) {
            case Rate.Granted(var standing, var at) -> new Passed(gate.slot(), Optional.of(standing));
            case Rate.Refused(var standing, var retryAfter) -> {
                gate.slots.giveBack();
                yield new Stopped(Reason.RATE, retryAfter, Optional.of(standing));
            }
            case Rate.Asked(var answer) -> {
                gate.slots.giveBack();
                yield new Waits(answer);
            }
            case Rate.Unknown lost -> {
                gate.slots.giveBack();
                yield unknown();
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
    public sealed interface Passage permits Passed, Stopped, Waits {
        /** How the key's rate stands; empty if it has none. */
        default Optional<MinuteRate.Standing> standing() {
            return Optional.empty();
        }
    }

    /** It may go on, and gives its slot back when it has ended. */
    public record Passed(Slot slot, Optional<MinuteRate.Standing> standing) implements Passage {}

    /** It may not; {@code retryAfter} is when it is worth another try. */
    public record Stopped(Reason reason, Duration retryAfter, Optional<MinuteRate.Standing> standing)
            implements Passage {}

    /** Whether it may is known soon: it is to enter, or to reserve, once more then. */
    public record Waits(CompletionStage<Void> answer) implements Passage, Reservation {}

    /** What became of a request that needs tokens. */
    public sealed interface Reservation permits Reserved, TooMany, Waits, Unsure {
        /** How the key's tokens stand; empty if they have no limit. */
        default Optional<MinuteRate.Standing> tokens() {
            return Optional.empty();
        }
    }

    /** They are reserved; to be settled once it is known what was used. */
    public record Reserved(TokenHold hold, Optional<MinuteRate.Standing> tokens) implements Reservation {}

    /** They are not there; {@code retryAfter} is when they are. */
    public record TooMany(Duration retryAfter, Optional<MinuteRate.Standing> tokens) implements Reservation {}

    /** Nobody knows how they stand, and nobody is going to soon. */
    public record Unsure() implements Reservation {}

    /** Which limit stopped a request. */
    public enum Reason {
        RATE,
        CONCURRENCY,
        /** How the limits stand among all routers is not known. */
        UNKNOWN
    }

    /** A place among the concurrent requests of a key. */
    @FunctionalInterface
    public interface Slot {
        /** Gives it back; only the first time counts. */
        void release();
    }

    /** What counts one key. */
    private record Gate(KeyLimits limits, Slots slots, Optional<Rate> rate, Optional<Rate> tokens) {
        boolean isShared() {
            return limits.concurrentRequests().isPresent();
        }

        Slot slot() {
            AtomicBoolean given = new AtomicBoolean();
            return () -> {
                if (given.compareAndSet(false, true)) {
                    slots.giveBack();
                }
            };
        }

        Optional<MinuteRate.Standing> standing(long nowNanos) {
            return rate.map(bucket -> bucket.standing(nowNanos));
        }

        boolean retireIfIdle(long nowNanos) {
            return rate.map(bucket -> bucket.isFull(nowNanos)).orElse(true)
                    && tokens.map(bucket -> bucket.isFull(nowNanos)).orElse(true)
                    && slots.retire(nowNanos);
        }
    }
}
