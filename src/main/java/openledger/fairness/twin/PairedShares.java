package openledger.fairness.twin;

/**
 * How often something happened to each twin of some pairs.
 *
 * @param both pairs in which it happened to both, 0 or more
 * @param firstAlone pairs in which it happened to the first twin alone, 0 or more
 * @param secondAlone pairs in which it happened to the second twin alone, 0 or more
 * @param neither pairs in which it happened to neither, 0 or more
 */
public record PairedShares(int both, int firstAlone, int secondAlone, int neither) {
    private static final double Z = 1.959963984540054;
    private static final double HALF = 0.5;

    public PairedShares {
        if (Math.min(Math.min(both, firstAlone), Math.min(secondAlone, neither)) < 0) {
            throw new IllegalArgumentException("pairs are counted from 0");
        }
    }

    /** All pairs. */
    public int pairs() {
        return both + firstAlone + secondAlone + neither;
    }

    /** By how much more often it happened to the second twin, −1 to 1; 0 if there are no pairs. */
    public double difference() {
        return pairs() == 0 ? 0 : (double) (secondAlone - firstAlone) / pairs();
    }

    /** Lower end of the 95 % interval of {@link #difference} (Agresti and Min 2005), −1 to 1. */
    public double low() {
        return Math.max(-1, centre() - half());
    }

    /** Upper end of that interval. */
    public double high() {
        return Math.min(1, centre() + half());
    }

    /** Half a pair more of each kind, so that an interval is neither empty nor too narrow where there are few. */
    private double centre() {
        return (secondAlone - firstAlone) / (pairs() + 2.0);
    }

    private double half() {
        double all = pairs() + 2.0;
        double discordant = firstAlone + secondAlone + 2 * HALF;
        double more = secondAlone - firstAlone;
        return Z * StrictMath.sqrt(Math.max(0, discordant - more * more / all)) / all;
    }

    /**
     * Probability of a difference at least as large if twins are treated alike: McNemar's test, exact. It needs no more than that either of a
     * discordant pair is as likely to be the one, so it does not matter how often it happens at which time.
     */
    public double probability() {
        int all = firstAlone + secondAlone;
        int fewer = Math.min(firstAlone, secondAlone);
        double log = all * StrictMath.log(HALF);
        double sum = 0;
        for (int i = 0; i <= fewer; i++) {
            sum += StrictMath.exp(log);
            log += StrictMath.log(all - i) - StrictMath.log(i + 1.0);
        }
        return Math.min(1, 2 * sum);
    }
}
