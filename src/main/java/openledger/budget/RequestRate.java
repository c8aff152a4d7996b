package openledger.budget;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket that holds a minute's requests and fills evenly: a minute's worth may come at once, and over time no
 * more than that a minute. It is kept as the one moment at which the bucket would be full again (the generic cell rate
 * algorithm, ITU-T I.371), so that taking is one compare-and-set.
 *
 * <p>Time is an argument: monotonic nanoseconds, whatever their origin. Thread-safe.
 */
public final class RequestRate {
    /** The largest rate: beyond it a share of a minute is too short to be counted in nanoseconds. */
    public static final int LARGEST = 1_000_000;

    private static final long NANOS_A_MINUTE = 60_000_000_000L;

    private final int perMinute;
    private final long share;
    private final long whole;
    private final AtomicLong fullAt;

    /** A full bucket of {@code perMinute} requests, 1 to {@link #LARGEST}. */
    public RequestRate(int perMinute, long nowNanos) {
        if (perMinute < 1 || perMinute > LARGEST) {
            throw new IllegalArgumentException("requests per minute must be 1 to 1000000: " + perMinute);
        }
        this.perMinute = perMinute;
        this.share = Math.ceilDiv(NANOS_A_MINUTE, perMinute);
        this.whole = share * perMinute;
        this.fullAt = new AtomicLong(nowNanos);
    }

    /** Takes one request out of the bucket, if there is one. */
    public Answer take(long nowNanos) {
        while (true) {
            long full = fullAt.get();
            long missing = Math.max(0, full - nowNanos);
            if (missing + share > whole) {
                return new Refused(standing(missing), Duration.ofNanos(missing + share - whole));
            }
            if (fullAt.compareAndSet(full, nowNanos + missing + share)) {
                return new Granted(standing(missing + share));
            }
        }
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

    /** It may not; {@code retryAfter} is when the next one is there. */
    public record Refused(Standing standing, Duration retryAfter) implements Answer {}

    /**
     * How a bucket stands.
     *
     * @param limit requests a minute
     * @param remaining requests that may come at once
     * @param reset until the bucket is full
     */
    public record Standing(int limit, int remaining, Duration reset) {}
}
