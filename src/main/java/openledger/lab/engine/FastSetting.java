package openledger.lab.engine;

import java.time.Duration;
import openledger.lab.world.Market;
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
public record FastSetting(
        Market market, RouterVariant practice, int routers, Resending resending, Stress strain, Privilege privilege) {
    private static final StormLimits GUARDED = new StormLimits(new BasisPoints(2_000), 10, Duration.ofSeconds(10));

    /** The world of the experiments this is held against. */
    public static final FastSetting REFERENCE = new FastSetting(
            Market.REFERENCE, RouterVariant.REFERENCE, 1, Resending.REFERENCE, Stress.NONE, Privilege.NONE);

    /**
     * A larger budget that nobody is told of: as a route of its own over the same targets, since a ledger knows no other.
     *
     * @param every so many tenants, from the first, one has it; 0 for none
     * @param attempts for the best tier
     */
    public record Privilege(int every, int attempts) {
        public static final Privilege NONE = new Privilege(0, 0);

        public boolean has(int tenant) {
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
    public FastSetting attempts(int attempts) {
        return in(market.attempts(attempts));
    }

    public FastSetting in(Market other) {
        return new FastSetting(other, practice, routers, resending, strain, privilege);
    }

    public FastSetting by(RouterVariant other) {
        return new FastSetting(market, other, routers, resending, strain, privilege);
    }

    public FastSetting over(int number) {
        return new FastSetting(market, practice, number, resending, strain, privilege);
    }

    public FastSetting with(Resending other) {
        return new FastSetting(market, practice, routers, other, strain, privilege);
    }

    public FastSetting with(Stress other) {
        return new FastSetting(market, practice, routers, resending, other, privilege);
    }

    public FastSetting with(Privilege other) {
        return new FastSetting(market, practice, routers, resending, strain, other);
    }
}
