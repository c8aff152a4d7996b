package openledger.commitment.leaf;

import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The cohorts of a lane's tenants, those that leaves of new requests say, without an HMAC for each request. Remembers a bounded number of tenants for a
 * day. Safe for several threads.
 */
public final class TenantCohorts {
    private static final long MILLIS_A_DAY = 86_400_000;
    private static final int MOST = 10_000;

    private final LaneSecret secret;
    private volatile Day today = new Day(Long.MIN_VALUE, 0, new ConcurrentHashMap<>());

    public TenantCohorts(LaneSecret secret) {
        this.secret = secret;
    }

    /** The cohort of a tenant at a moment, Unix ms; 0 to 63. */
    public int of(String tenant, long epochMillis) {
        Day day = today;
        long number = Math.floorDiv(epochMillis, MILLIS_A_DAY);
        long name = secret.cohortsName();
        if (day.number != number || day.name != name || day.cohorts.size() > MOST) {
            day = new Day(number, name, new ConcurrentHashMap<>());
            today = day;
        }
        Integer known = day.cohorts.get(tenant);
        if (known == null) {
            known = secret.cohort(tenant, LocalDate.ofEpochDay(number));
            day.cohorts.put(tenant, known);
        }
        return known;
    }

    private record Day(long number, long name, Map<String, Integer> cohorts) {}
}
