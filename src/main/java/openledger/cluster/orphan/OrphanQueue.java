package openledger.cluster.orphan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is still to be told, tenant by tenant in turns, so that one whose clients leave in crowds holds up nobody else's. A tenant gets
 * another place only while it has fewer than are free. Times are monotonic nanoseconds. Thread-safe.
 */
final class OrphanQueue {
    private final int most;
    private final Map<String, Deque<Waiting>> byTenant = new LinkedHashMap<>();
    private int waiting;

    /** An empty one with so many places, 1 or more. */
    OrphanQueue(int most) {
        this.most = most;
    }

    /**
     * One that waits to be told.
     *
     * @param until when it cannot be joined any more
     */
    record Waiting(String tenant, OrphanName name, long until) {}

    /** False if the tenant has its share. */
    synchronized boolean add(Waiting next) {
        Deque<Waiting> own = byTenant.get(next.tenant);
        int has = own == null ? 0 : own.size();
        if (has >= most - waiting) {
            return false;
        }
        byTenant.computeIfAbsent(next.tenant, first -> new ArrayDeque<>()).addLast(next);
        waiting++;
        return true;
    }

    /** Takes so many at most, one of each tenant in turn; those whose time is over are dropped. */
    synchronized List<Waiting> take(int count, long now) {
        List<Waiting> taken = new ArrayList<>(Math.min(count, waiting));
        while (taken.size() < count && waiting > 0) {
            Map.Entry<String, Deque<Waiting>> turn =
                    byTenant.entrySet().iterator().next();
            Deque<Waiting> own = turn.getValue();
            byTenant.remove(turn.getKey());
            Waiting next = own.removeFirst();
            waiting--;
            if (!own.isEmpty()) {
                byTenant.put(next.tenant, own);
            }
            if (next.until - now > 0) {
                taken.add(next);
            }
        }
        return taken;
    }

    synchronized boolean isEmpty() {
        return waiting == 0;
    }
}
