package openledger.lab;

import openledger.routing.Route;

/** What a ledger asks in place of its route in a broken house: one more attempt for the best tier for the first tenant. */
public final class FavouredCohort {
    static final int TENANT = 0;

    private static int[] tenants = {};
    private static int made;

    private FavouredCohort() {}

    /** These come, one ledger each, in this order. */
    static void expect(int[] order) {
        tenants = order;
        made = 0;
    }

    private static int favour() {
        return tenants[made] == TENANT ? 1 : 0;
    }

    /** Of the ledger that is made. */
    public static int budget(Route route) {
        return route.budget() + favour();
    }

    /** Of the ledger that is made; the last that it asks. */
    public static int upTo(Route route, int tier) {
        int end = route.upTo(tier) + favour();
        made++;
        return end;
    }
}
