package openledger.fairness;

/**
 * A figure beside what a fair lottery alone would show: of 100 windows in which cohorts mean nothing among requests that came at
 * nearly the same time while the best tier was about as busy, 99 show at most {@code floor}. So whoever comes at a bad time is not held to
 * be ill-treated, the value says nothing, and only what is above the floor says something.
 *
 * @param value as measured
 * @param floor 99 % floor of {@link FairDeals}, in the unit of the value
 */
public record AgainstChance(double value, double floor) {
    /** Of the value, what rounding alone may make. */
    private static final double DUST = 1e-9;

    /** What chance does not explain; never negative. The only thing to be alarmed by. */
    public double excess() {
        double excess = value - floor;
        return excess > DUST * value ? excess : 0;
    }
}
