package openledger.lab;

import java.time.Duration;
import openledger.routing.Route;
import openledger.routing.StormLimits;
import openledger.unit.BasisPoints;

/**
 * A world for requests in fast mode, but for its seed.
 *
 * @param market providers and route
 * @param practice of the routers
 * @param routers that share the requests, each with its own view
 * @param resending of the clients
 * @param strain what makes it less simple
 * @param privilege who has a larger budget than the route says
 */
record FastSetting(
        Market market, Practice practice, int routers, Resending resending, Strain strain, Privilege privilege) {
    private static final StormLimits GUARDED = new StormLimits(new BasisPoints(2_000), 10, Duration.ofSeconds(10));

    /** The world of the experiments this is held against. */
    static final FastSetting REFERENCE =
            new FastSetting(Market.REFERENCE, Practice.REFERENCE, 1, Resending.REFERENCE, Strain.NONE, Privilege.NONE);

    /**
     * A larger budget that nobody is told of: as a route of its own over the same targets, since a ledger knows no other.
     *
     * @param every so many tenants, from the first, one has it; 0 for none
     * @param attempts for the best tier
     */
    record Privilege(int every, int attempts) {
        static final Privilege NONE = new Privilege(0, 0);

        boolean has(int tenant) {
            return every > 0 && tenant % every == 0;
        }
    }

    /** The route that everybody knows. */
    Route route() {
        return practice.isGuarded() ? market.route(GUARDED) : market.route();
    }

    /** The route of those with a privilege. */
    Route privileged() {
        return privilege.every == 0
                ? route()
                : in(market.attempts(privilege.attempts)).route();
    }

    /** So many attempts for the best tier. */
    FastSetting attempts(int attempts) {
        return in(market.attempts(attempts));
    }

    FastSetting in(Market other) {
        return new FastSetting(other, practice, routers, resending, strain, privilege);
    }

    FastSetting by(Practice other) {
        return new FastSetting(market, other, routers, resending, strain, privilege);
    }

    FastSetting over(int number) {
        return new FastSetting(market, practice, number, resending, strain, privilege);
    }

    FastSetting with(Resending other) {
        return new FastSetting(market, practice, routers, other, strain, privilege);
    }

    FastSetting with(Strain other) {
        return new FastSetting(market, practice, routers, resending, other, privilege);
    }

    FastSetting with(Privilege other) {
        return new FastSetting(market, practice, routers, resending, strain, other);
    }
}
