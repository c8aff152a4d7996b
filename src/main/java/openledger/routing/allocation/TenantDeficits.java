package openledger.routing.allocation;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import openledger.unit.TenantTag;

/**
 * How many best-tier slots each tenant was granted lately: charged at the grant, halved at regular intervals, so that old grants weigh
 * little. Confined to one thread.
 */
public final class TenantDeficits {
    private static final Duration HALVING = Duration.ofSeconds(10);

    private final long epochsAHalving;
    private final Map<TenantTag, Long> granted = new HashMap<>();
    private long epochs;

    /**
     * Nobody was granted anything yet.
     *
     * @param epochsAHalving epochs after which all deficits are halved, at least 1
     */
    public TenantDeficits(long epochsAHalving) {
        this.epochsAHalving = epochsAHalving;
    }

    /** The same, halved every ten seconds of epochs that are so long. */
    static TenantDeficits over(Duration epoch) {
        return new TenantDeficits(Math.max(1, HALVING.toNanos() / epoch.toNanos()));
    }

    /** A tenant's deficit. */
    public long of(TenantTag tenant) {
        return granted.getOrDefault(tenant, 0L);
    }

    /** A best-tier slot was granted. */
    public void charge(TenantTag tenant) {
        granted.merge(tenant, 1L, Long::sum);
    }

    /** An epoch has passed. */
    public void epochPassed() {
        if (++epochs % epochsAHalving == 0) {
            granted.replaceAll((tenant, slots) -> slots / 2);
            granted.values().removeIf(slots -> slots == 0);
        }
    }
}
