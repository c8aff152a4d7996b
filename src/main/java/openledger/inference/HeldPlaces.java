package openledger.inference;

import java.util.HashMap;
import java.util.Map;

/**
 * The bounded places of requests that wait for a plan. A tenant gets another only while it has fewer than are free: alone it gets
 * half of them, and however many it asks for, something is left for the next (dynamic thresholds: Choudhury and Hahne, 1998).
 * Thread-safe.
 */
final class HeldPlaces {
    private final int most;
    private final Map<String, Integer> taken = new HashMap<>();
    private int sum;

    /** So many places. */
    HeldPlaces(int most) {
        this.most = most;
    }

    /** Takes a place for a tenant; false if there is none for it. */
    synchronized boolean take(String tenant) {
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
    synchronized int taken() {
        return sum;
    }

    /** Gives a tenant's place back. */
    synchronized void giveBack(String tenant) {
        taken.merge(tenant, -1, (known, less) -> known + less == 0 ? null : known + less);
        sum--;
    }
}
