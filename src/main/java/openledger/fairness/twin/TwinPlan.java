package openledger.fairness.twin;

/**
 * What a probe is to find, and how many pairs that takes. Immutable.
 *
 * @param base share of requests that are refused anyway, 0 to 1, as far as is known beforehand
 * @param difference that is to be found: by how much more often one twin is refused; over 0, and with {@code base} under 1
 * @param outcomes tested together, 1 or more
 */
public record TwinPlan(double base, double difference, int outcomes) {
    /** Probability of finding something where there is nothing, over all outcomes. */
    public static final double LEVEL = 0.05;
    /** Pairs below which nothing is concluded, whatever is to be found. */
    public static final int FEWEST = 30;
    /** Power of {@link #floor}. */
    public static final double USUAL_POWER = 0.8;

    private static final int MOST = 1_000_000;

    public TwinPlan {
        if (!(base >= 0 && difference > 0 && base + difference < 1 && outcomes >= 1)) {
            throw new IllegalArgumentException("a difference over 0 that fits above the base, and an outcome");
        }
    }

    /**
     * Pairs that find the difference (Connor 1987), at the level that the first step of Holm's procedure has.
     *
     * @param power with that probability, over 0 and under 1
     */
    public int pairs(double power) {
        double one = base * (1 - base - difference);
        double other = (1 - base) * (base + difference);
        double discordant = one + other;
        double level = NormalLaw.exceeded(LEVEL / outcomes / 2) * StrictMath.sqrt(discordant);
        double reach = NormalLaw.exceeded(1 - power) * StrictMath.sqrt(discordant - difference * difference);
        double root = (level + reach) / difference;
        return (int) Math.clamp(StrictMath.ceil(root * root), FEWEST, MOST);
    }

    /** Pairs below which a probe does not say that nothing differs. */
    public int floor() {
        return pairs(USUAL_POWER);
    }

    /** The smallest difference that so many pairs find with that power; 1 less the base if there is none. */
    public double found(int pairs, double power) {
        double low = 0;
        double high = 1 - base;
        for (int i = 0; i < 40; i++) {
            double middle = (low + high) / 2;
            boolean enough = middle > 0
                    && base + middle < 1
                    && new TwinPlan(base, middle, outcomes).pairs(power) <= Math.max(FEWEST, pairs);
            if (enough) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }
}
