package openledger.inference.fairness;

/** Port: the buckets of tenants that stand for them in all measurements. Safe for several threads. */
@FunctionalInterface
public interface Cohorts {
    /** The cohort of a tenant at a moment, Unix ms; 0 to 63. */
    int of(String tenant, long epochMillis);
}
