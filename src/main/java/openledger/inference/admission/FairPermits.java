package openledger.inference.admission;

/**
 * A bounded number of permits that tenants share, for example for requests that wait for a plan: a {@link FairPool} of which one unit is
 * taken at a time, so that a tenant gets another permit only while it has fewer than are free. Thread-safe.
 */
public final class FairPermits {
    private final FairPool pool;

    /** So many places. */
    public FairPermits(int most) {
        this.pool = new FairPool(most);
    }

    /** Takes a place for a tenant; false if there is none for it. */
    public boolean take(String tenant) {
        return pool.take(tenant, 1);
    }

    /** Takes a place for a tenant, whether there is one or not. */
    public void takeInAnyCase(String tenant) {
        pool.takeInAnyCase(tenant, 1);
    }

    /** How many are taken. */
    public int taken() {
        return (int) pool.taken();
    }

    /** Gives a tenant's place back. */
    public void giveBack(String tenant) {
        pool.giveBack(tenant, 1);
    }
}
