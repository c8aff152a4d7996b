package openledger.inference.origin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import openledger.inference.admission.FairPermits;
import org.jspecify.annotations.Nullable;

/**
 * A cache of recent origins, so that the database is seldom queried. Bounded; a tenant at its share loses its own oldest, never another's,
 * and a tenant that makes nothing for an hour takes no space from others. Thread-safe.
 */
final class RecentOrigins {
    /** About 200 bytes each. */
    static final int MOST = 100_000;

    private static final long OLD_NANOS = Duration.ofHours(1).toNanos();
    private static final long SWEEP_NANOS = Duration.ofMinutes(1).toNanos();

    private final FairPermits places;
    private final Map<String, Map<UUID, Made>> byTenant = new HashMap<>();
    private @Nullable Long sweptNanos;

    RecentOrigins(int most) {
        this.places = new FairPermits(most);
    }

    private record Made(String provider, long nanos) {}

    /** Remembers who made something. */
    synchronized void put(String tenant, UUID name, String provider, long nowNanos) {
        Map<UUID, Made> own = byTenant.computeIfAbsent(tenant, first -> new LinkedHashMap<>());
        if (own.remove(name) == null && !hasRoom(tenant, own, nowNanos)) {
            byTenant.remove(tenant, Map.of());
            return;
        }
        own.put(name, new Made(provider, nowNanos));
    }

    /** Takes a place, that of the tenant's oldest if there is no other. */
    private boolean hasRoom(String tenant, Map<UUID, Made> own, long nowNanos) {
        if (places.take(tenant)) {
            return true;
        }
        if (sweep(nowNanos) && places.take(tenant)) {
            byTenant.put(tenant, own);
            return true;
        }
        Iterator<UUID> oldest = own.keySet().iterator();
        if (!oldest.hasNext()) {
            return false;
        }
        oldest.next();
        oldest.remove();
        return true;
    }

    /** Lets go of what is old, at most once a minute. */
    private boolean sweep(long nowNanos) {
        if (sweptNanos != null && nowNanos - sweptNanos < SWEEP_NANOS) {
            return false;
        }
        sweptNanos = nowNanos;
        for (String tenant : new ArrayList<>(byTenant.keySet())) {
            Map<UUID, Made> own = byTenant.getOrDefault(tenant, new LinkedHashMap<>());
            Iterator<Made> oldest = own.values().iterator();
            while (oldest.hasNext() && nowNanos - oldest.next().nanos > OLD_NANOS) {
                oldest.remove();
                places.giveBack(tenant);
            }
            if (own.isEmpty()) {
                byTenant.remove(tenant);
            }
        }
        return true;
    }

    synchronized Optional<String> get(String tenant, UUID name) {
        return Optional.ofNullable(byTenant.get(tenant))
                .map(own -> own.get(name))
                .map(Made::provider);
    }

    /** How many are remembered. */
    int size() {
        return places.taken();
    }
}
