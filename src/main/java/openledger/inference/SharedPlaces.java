package openledger.inference;

import java.util.HashMap;
import java.util.Map;

/**
 * A bounded number of places that tenants share, be it for requests that wait for a plan or for those who watch. A tenant gets
 * another only while it has fewer than are free: alone it gets
 * half of them, and however many it asks for, something is left for the next (dynamic thresholds: Choudhury and Hahne, 1998).
 * Thread-safe.
 */
public final class SharedPlaces {
    private final int most;
    private final Map<String, Integer> taken = new HashMap<>();
    private int sum;

    /** So many places. */
    public SharedPlaces(int most) {
        this.most = most;
    }

    /** Takes a place for a tenant; false if there is none for it. */
    public synchronized boolean take(String tenant) {
        if (taken.getOrDefault(tenant, 0) >= most - sum) {
            return false;
        }
        takeInAnyCase(tenant);
        return true;
    }

    /** Takes a place for a tenant, whether there is one or not. */
    synchronized void takeInAnyCase(String tenant) {
        taken.merge(tenant, 1, Integer::sum);
        sum++;
    }

    /** How many are taken. */
    public synchronized int taken() {
        return sum;
    }

    /** Gives a tenant's place back. */
    public synchronized void giveBack(String tenant) {
        taken.merge(tenant, -1, (known, less) -> known + less == 0 ? null : known + less);
        sum--;
    }
}
