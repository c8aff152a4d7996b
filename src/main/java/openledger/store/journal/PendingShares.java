package openledger.store.journal;

import java.util.HashMap;
import java.util.Map;

/**
 * The shares of tenants in the bytes that the journal has accepted and not made durable yet. A tenant may add more only while it has fewer
 * than are free, so that something is always left for the next (dynamic thresholds, as in {@link openledger.inference.admission.FairPool};
 * all of a commit is given back at once). Guarded by the lock of {@link JournalBuffer}.
 */
final class PendingShares {
    private final int most;
    private Map<String, int[]> current = new HashMap<>();
    private Map<String, int[]> inFlight = Map.of();

    /** Nothing is pending. */
    PendingShares(int most) {
        this.most = most;
    }

    /** Whether a tenant may add more while so many bytes are pending. */
    boolean hasRoom(String tenant, int pending) {
        return of(current, tenant) + of(inFlight, tenant) <= most - pending;
    }

    void add(String tenant, int bytes) {
        current.computeIfAbsent(tenant, fresh -> new int[1])[0] += bytes;
    }

    /** What is pending goes with a commit. */
    void take() {
        inFlight = current;
        current = new HashMap<>();
    }

    /** That commit is durable. */
    void committed() {
        inFlight = Map.of();
    }

    private static int of(Map<String, int[]> shares, String tenant) {
        int[] bytes = shares.get(tenant);
        return bytes == null ? 0 : bytes[0];
    }
}
