package openledger.inference.admission;

import java.util.HashMap;
import java.util.Map;

/**
 * A bounded amount of something, such as bytes, that tenants share. A tenant gets more only while it would then have no more than
 * is left free: alone it gets half, and however much it asks for, something is left for the next (dynamic thresholds: Choudhury
 * and Hahne, 1998). Thread-safe.
 */
public final class FairPool {
    private final long most;
    private final Map<String, Long> taken = new HashMap<>();
    private long sum;

    /** So much of it. */
    public FairPool(long most) {
        this.most = most;
    }

    /** One that is never empty. */
    public static FairPool unbounded() {
        return new FairPool(Long.MAX_VALUE / 4);
    }

    /** Takes an amount, 0 or more, for a tenant; false if there is not so much for it, and then nothing is taken. */
    public synchronized boolean take(String tenant, long amount) {
        // With an amount of one this is: it has fewer than are free.
        if (amount > 0 && taken.getOrDefault(tenant, 0L) + amount > most - sum - amount + 1) {
            return false;
        }
        takeInAnyCase(tenant, amount);
        return true;
    }

    /** Takes an amount for a tenant, whether it is there or not. */
    synchronized void takeInAnyCase(String tenant, long amount) {
        if (amount > 0) {
            taken.merge(tenant, amount, Long::sum);
            sum += amount;
        }
    }

    /** How much is taken. */
    public synchronized long taken() {
        return sum;
    }

    /** Gives back an amount that a tenant has taken. */
    public synchronized void giveBack(String tenant, long amount) {
        if (amount > 0) {
            taken.merge(tenant, -amount, (known, less) -> known + less == 0 ? null : known + less);
            sum -= amount;
        }
    }

    /** An empty share for something of a tenant that grows. */
    public Share share(String tenant) {
        return new Share(tenant);
    }

    /** What one request has taken: it grows piece by piece and is given back once, at once. Thread-safe. */
    public final class Share {
        private final String tenant;
        private long amount;
        private boolean over;

        private Share(String tenant) {
            this.tenant = tenant;
        }

        /** Takes so much more; false if there is not so much for the tenant, or the share was given back. */
        public synchronized boolean grow(long more) {
            if (over || !take(tenant, more)) {
                return false;
            }
            amount += more;
            return true;
        }

        /** Gives all of it back; only the first time counts. */
        public synchronized void giveBack() {
            if (!over) {
                over = true;
                FairPool.this.giveBack(tenant, amount);
            }
        }
    }
}
