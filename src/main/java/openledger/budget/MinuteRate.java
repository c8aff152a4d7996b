package openledger.budget;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket that holds a minute's worth of requests or tokens and fills evenly: a minute's worth may come at once, and over time no
 * more than that a minute. It is kept as the one moment at which the bucket would be full again (the generic cell rate
 * algorithm, ITU-T I.371), so that taking is one compare-and-set.
 *
 * <p>Time is an argument: monotonic nanoseconds, whatever their origin. Thread-safe.
 */
public final class MinuteRate {
    /** The largest rate: beyond it a share of a minute is too short to be counted in nanoseconds. */
    public static final int LARGEST = 100_000_000;

    private static final long NANOS_A_MINUTE = 60_000_000_000L;
    /** Nobody owes more: a number that is nonsense would close a bucket for ever. */
    public static final long MOST_OWED_NANOS = 60 * NANOS_A_MINUTE;

    private final int perMinute;
    private final long share;
    private final long whole;
    private final AtomicLong fullAt;
    /** When the bucket was last found full: what was taken before that has come back by itself. */
    private final AtomicLong seenFullAt;

    /** A full bucket of {@code perMinute}, 1 to {@link #LARGEST}. */
    public MinuteRate(int perMinute, long nowNanos) {
        this(perMinute, nowNanos, 0);
    }

    private MinuteRate(int perMinute, long nowNanos, long missing) {
        this.perMinute = perMinute;
        this.share = share(perMinute);
        this.whole = share * perMinute;
        this.fullAt = new AtomicLong(nowNanos + Math.min(missing, whole));
        this.seenFullAt = new AtomicLong(nowNanos);
    }

    /** The same, with nothing in it. */
    public static MinuteRate empty(int perMinute, long nowNanos) {
        return new MinuteRate(perMinute, nowNanos, Long.MAX_VALUE);
    }

    /** In how many nanoseconds one comes. */
    public static long share(int perMinute) {
        if (perMinute < 1 || perMinute > LARGEST) {
            throw new IllegalArgumentException("a rate must be 1 to " + LARGEST + " a minute: " + perMinute);
        }
        return Math.ceilDiv(NANOS_A_MINUTE, perMinute);
    }

    /** Takes one out of the bucket, if there is one. */
    public Answer take(long nowNanos) {
        return take(1, nowNanos);
    }

    /** Takes so many out of the bucket, if they are there; more than it can ever hold never are. */
    public Answer take(long amount, long nowNanos) {
        if (amount > perMinute) {
            return new Refused(standingAt(nowNanos), Duration.ofNanos(whole));
        }
        long cost = amount * share;
        while (true) {
            long full = fullAt.get();
            long missing = missing(full, nowNanos);
            if (missing + cost > whole) {
                return new Refused(standing(missing), Duration.ofNanos(missing + cost - whole));
            }
            if (fullAt.compareAndSet(full, nowNanos + missing + cost)) {
                return new Granted(standing(missing + cost));
            }
        }
    }

    /**
     * Takes so many, 0 or more, whether they are there or not: whoever comes next waits for them, but for no longer than an hour beyond
     * the minute in which the bucket fills.
     */
    public void charge(long amount, long nowNanos) {
        long cost = cost(amount);
        long full = fullAt.get();
        while (!fullAt.compareAndSet(
                full, nowNanos + Math.min(missing(full, nowNanos) + cost, whole + MOST_OWED_NANOS))) {
            full = fullAt.get();
        }
    }

    /**
     * Puts so many back that were taken at {@code takenAt}. Nothing, if the bucket was full since, for then they have come back by
     * themselves; and nothing after a minute, or who takes much and uses little could save it up.
     */
    public void giveBack(long amount, long takenAt, long nowNanos) {
        long cost = cost(amount);
        long full = fullAt.get();
        long missing = missing(full, nowNanos);
        while (missing > 0 && seenFullAt.get() - takenAt <= 0 && nowNanos - takenAt <= NANOS_A_MINUTE) {
            if (fullAt.compareAndSet(full, nowNanos + Math.max(0, missing - cost))) {
                return;
            }
            full = fullAt.get();
            missing = missing(full, nowNanos);
        }
    }

    private long cost(long amount) {
        return Math.min(amount, 2 * MOST_OWED_NANOS / share) * share;
    }

    private long missing(long full, long nowNanos) {
        if (full - nowNanos <= 0) {
            seenFullAt.accumulateAndGet(nowNanos, (before, now) -> now - before > 0 ? now : before);
            return 0;
        }
        return full - nowNanos;
    }

    /** How it stands, without taking anything. */
    public Standing standingAt(long nowNanos) {
        return standing(Math.max(0, fullAt.get() - nowNanos));
    }

    private Standing standing(long missing) {
        return new Standing(perMinute, (int) Math.max(0, (whole - missing) / share), Duration.ofNanos(missing));
    }

    /** Whether a request may go on. */
    public sealed interface Answer permits Granted, Refused {
        Standing standing();
    }

    /** It may. */
    public record Granted(Standing standing) implements Answer {}

    /** It may not; {@code retryAfter} is when there is enough. */
    public record Refused(Standing standing, Duration retryAfter) implements Answer {}

    /**
     * How a bucket stands.
     *
     * @param limit a minute
     * @param remaining what may come at once
     * @param reset until the bucket is full
     */
    public record Standing(int limit, int remaining, Duration reset) {}
}
