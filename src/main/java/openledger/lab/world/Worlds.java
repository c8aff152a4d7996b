package openledger.lab.world;

import java.util.List;
import openledger.lab.engine.FastSetting;
import openledger.lab.engine.FastTrial;
import openledger.lab.engine.Resending;
import openledger.lab.engine.RouterVariant;
import openledger.lab.engine.Stress;

/** Worlds beside the reference: the same with one parameter changed, and those that leave less out. */
public final class Worlds {
    private static final Market MARKET = Market.REFERENCE;
    private static final CongestionParameters BASE = CongestionParameters.REFERENCE;
    private static final double REFUSED_ANYWAY = 0.52;

    private Worlds() {}

    /** One parameter changed. */
    public static List<FastTrial> changed() {
        return List.of(
                FastTrial.REFERENCE,
                market("hot spells half as long", MARKET.under(hot(1_500, BASE.hotShare()))),
                market("hot spells twice as long", MARKET.under(hot(6_000, BASE.hotShare()))),
                market("2 % of the slots left when hot", MARKET.under(hot(BASE.hotMillis(), 0.02))),
                market("30 % of the slots left when hot", MARKET.under(hot(BASE.hotMillis(), 0.3))),
                FastTrial.REFERENCE.named("45 requests/s").at(45),
                FastTrial.REFERENCE.named("80 requests/s").at(80),
                market("waits half as long", MARKET.slower(0.5)),
                market("waits twice as long", MARKET.slower(2)),
                setting("nobody sends again", FastSetting.REFERENCE.with(Resending.NEVER)),
                setting(
                        "patience of 3 s",
                        FastSetting.REFERENCE.with(
                                new Resending(Resending.Kind.BESIDE, 0.35, new LogNormal(3_000, 0.6), 1))),
                market("refusals by chance alone", independent()));
    }

    /** Less left out. */
    public static List<FastTrial> fuller() {
        FastSetting base = FastSetting.REFERENCE;
        Market uneven = MARKET.serving(new LogNormal(MARKET.service().mean(), 1.5));
        Stress held = new Stress(Market.ROUND_TRIP_MILLIS * 5, 0, Stress.Reading.WHOLE, Stress.LIMITLESS);
        Stress lower = new Stress(0, 0, Stress.Reading.WHOLE, 16);
        Stress broken = new Stress(0, 0.03, Stress.Reading.WHOLE, Stress.LIMITLESS);
        Stress streamed = new Stress(0, 0.03, Stress.Reading.STREAMED, Stress.LIMITLESS);
        Stress all = new Stress(held.refusedMillis(), 0.03, Stress.Reading.STREAMED, 16);
        return List.of(
                new FastTrial("token lengths (cv 1.5), tenants ± 60 %", Workload.SMALL, 0.6, base.in(uneven)),
                setting("the tier below has 16 slots", base.with(lower)),
                setting("a refused call holds a slot for 200 ms", base.with(held)),
                setting("3 % of answers break off, read whole", base.with(broken)),
                setting("3 % of answers break off, streamed", base.with(streamed)),
                setting("three routers with views of their own", base.over(3)),
                setting("the product's waits and view", base.by(RouterVariant.ROUNDS)),
                setting("and its storm guard", base.by(RouterVariant.GUARDED)),
                new FastTrial(
                        "all of these",
                        Workload.SMALL,
                        0.6,
                        base.in(uneven).with(all).over(3).by(RouterVariant.GUARDED)));
    }

    private static FastTrial market(String name, Market market) {
        return setting(name, FastSetting.REFERENCE.in(market));
    }

    private static FastTrial setting(String name, FastSetting setting) {
        return FastTrial.REFERENCE.named(name).in(setting);
    }

    private static CongestionParameters hot(double millis, double share) {
        return new CongestionParameters(
                BASE.normalMillis(),
                millis,
                share,
                BASE.blipGapMillis(),
                BASE.blipMillis(),
                BASE.blipShare(),
                BASE.refusalFloor(),
                BASE.refusalSlope(),
                BASE.refusalMiddle());
    }

    /** Providers with room for all, who refuse half of all calls. */
    private static Market independent() {
        CongestionParameters chance = new CongestionParameters(
                1e12, 1, 1, 1e12, 1, 1, REFUSED_ANYWAY, BASE.refusalSlope(), BASE.refusalMiddle());
        return new Market(chance, 400, MARKET.service());
    }
}
