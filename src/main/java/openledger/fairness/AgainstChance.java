package openledger.fairness;

/**
 * A figure beside what a fair lottery alone would show: of 100 windows with the same totals in which cohorts mean nothing, 95 show
 * at most {@code floor}. So the value says nothing, and only what is above the floor says something.
 *
 * @param value as measured
 * @param floor 95 % permutation floor, in the unit of the value
 */
public record AgainstChance(double value, double floor) {
    /** What chance does not explain; never negative. The only thing to be alarmed by. */
    public double excess() {
        return Math.max(0, value - floor);
    }
}
