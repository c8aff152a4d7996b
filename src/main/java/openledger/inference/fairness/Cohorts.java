package openledger.inference.fairness;

/** Port: buckets of tenants, which stand for them wherever something is measured. Safe for several threads. */
@FunctionalInterface
public interface Cohorts {
    /** The cohort of a tenant at a moment, Unix ms; 0 to 63. */
    int of(String tenant, long epochMillis);
}
