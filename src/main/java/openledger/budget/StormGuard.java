package openledger.budget;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import openledger.routing.StormLimits;
import openledger.unit.BasisPoints;

/**
 * Bounds the retries all requests of a route make together: over a sliding window, {@code ratio} of the requests plus a
 * reserve (Finagle's retry budget), counted in milli-retries so that the arithmetic is exact and can be recomputed.
 *
 * <p>Finagle's bucket is first come, first served: one tenant's failures disable everybody's retries. Here, once less
 * than a quarter is left, a retry is granted only to a tenant whose granted retries are not above the mean of the
 * tenants that retried in the window.
 *
 * <p>Time is an argument: monotonic milliseconds. Safe for use by several threads.
 */
public final class StormGuard {
    private static final int BUCKETS = 10;
    private static final long MILLI = 1_000;
    private static final int LOW_DIVISOR = 4;

    private final StormLimits limits;
    private final long bucketMillis;
    private final IntSupplier routers;
    private final long[] deposits = new long[BUCKETS];
    private final long[] withdrawals = new long[BUCKETS];
    private final Map<String, long[]> grantsByTenant = new HashMap<>();
    private long newest = Long.MIN_VALUE;

    /** One of a router that is alone. */
    public StormGuard(StormLimits limits) {
        this(limits, () -> 1);
    }

    /**
     * One of several routers, which has its part of the reserve.
     *
     * @param routers how many there are, 1 or more
     */
    public StormGuard(StormLimits limits, IntSupplier routers) {
        this.limits = limits;
        this.bucketMillis = limits.window().toMillis() / BUCKETS;
        this.routers = routers;
    }

    /** Counts a request of the route: its share of the ratio is deposited. */
    public synchronized void request(long nowMillis) {
        advance(nowMillis);
        deposits[slot(newest)] += limits.ratio().of(MILLI);
    }

    /** Asks for one retry in the name of {@code tenant}; a grant is counted at once. */
    public synchronized Grant retry(String tenant, long nowMillis) {
        advance(nowMillis);
        long capacity = reserve() + sum(deposits);
        long balance = capacity - sum(withdrawals);
        if (balance < MILLI) {
            return Grant.DENIED_EMPTY;
        }
        if (balance * LOW_DIVISOR < capacity && isAboveMean(tenant)) {
            return Grant.DENIED_ABOVE_SHARE;
        }
        withdrawals[slot(newest)] += MILLI;
        grantsByTenant.computeIfAbsent(tenant, name -> new long[BUCKETS])[slot(newest)]++;
        return Grant.GRANTED;
    }

    /** What is left, in basis points of the present capacity; for metrics. */
    public synchronized BasisPoints left(long nowMillis) {
        advance(nowMillis);
        long capacity = reserve() + sum(deposits);
        long balance = Math.max(0, capacity - sum(withdrawals));
        return new BasisPoints(capacity == 0 ? 0 : (int) (balance * BasisPoints.WHOLE / capacity));
    }

    /** Deposits add up over all routers by themselves; this is divided, and rounded up to whole retries a second. */
    private long reserve() {
        return Math.ceilDiv(limits.reservePerSecond(), routers.getAsInt())
                * limits.window().toMillis();
    }

    private boolean isAboveMean(String tenant) {
        long all = 0;
        for (long[] grants : grantsByTenant.values()) {
            all += sum(grants);
        }
        long[] own = grantsByTenant.get(tenant);
        int tenants = grantsByTenant.size();
        return own != null && tenants > 1 && sum(own) * tenants > all;
    }

    private void advance(long nowMillis) {
        long bucket = Math.floorDiv(nowMillis, bucketMillis);
        if (bucket <= newest) {
            return;
        }
        long from = newest == Long.MIN_VALUE ? bucket : Math.max(newest + 1, bucket - BUCKETS + 1);
        for (long b = from; b <= bucket; b++) {
            int slot = slot(b);
            deposits[slot] = 0;
            withdrawals[slot] = 0;
            grantsByTenant.values().forEach(grants -> grants[slot] = 0);
        }
        grantsByTenant.values().removeIf(grants -> sum(grants) == 0);
        newest = bucket;
    }

    private static int slot(long bucket) {
        return (int) Math.floorMod(bucket, (long) BUCKETS);
    }

    private static long sum(long[] values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }

    /** Answer to a request for a retry. */
    public enum Grant {
        GRANTED,
        /** Nothing is left for anybody. */
        DENIED_EMPTY,
        /** Little is left, and this tenant has had more than its share. */
        DENIED_ABOVE_SHARE
    }
}
