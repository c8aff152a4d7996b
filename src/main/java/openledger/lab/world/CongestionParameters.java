package openledger.lab.world;

/**
 * How congestion comes and goes. Defaults are those of the experiments.
 *
 * @param normalMillis mean length of a normal spell of the whole market, ms
 * @param hotMillis mean length of a hot spell of the whole market, ms
 * @param hotShare share of the slots left to us in a hot spell, over 0 to 1
 * @param blipGapMillis mean time between a provider's own blips, ms
 * @param blipMillis mean length of a blip, ms
 * @param blipShare share of the slots left in a blip, over 0 to 1
 * @param refusalFloor share of calls refused even without load, 0 to 1
 * @param refusalSlope steepness of the refusals as the slots fill
 * @param refusalMiddle utilisation at which half the calls are refused
 */
public record CongestionParameters(
        double normalMillis,
        double hotMillis,
        double hotShare,
        double blipGapMillis,
        double blipMillis,
        double blipShare,
        double refusalFloor,
        double refusalSlope,
        double refusalMiddle) {
    /** The world of the budget and sequencing experiments. */
    public static final CongestionParameters REFERENCE =
            new CongestionParameters(14_500, 3_000, 0.10, 22_000, 2_500, 0.10, 0.01, 18.0, 0.97);

    /** The same world at another pace: 2 means spells half as long. */
    public CongestionParameters faster(double factor) {
        return new CongestionParameters(
                normalMillis / factor,
                hotMillis / factor,
                hotShare,
                blipGapMillis / factor,
                blipMillis / factor,
                blipShare,
                refusalFloor,
                refusalSlope,
                refusalMiddle);
    }
}
