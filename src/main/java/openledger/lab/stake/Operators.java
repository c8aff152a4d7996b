package openledger.lab.stake;

import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * Operators whose sizes follow Zipf's law. The arrays belong to the record and are not changed.
 *
 * @param sizes requests a second, largest first
 * @param backed whether it finds a backer
 */
@SuppressWarnings("ArrayRecordComponent") // thousands of numbers that nobody compares
record Operators(double[] sizes, boolean[] backed) {
    static final int COUNT = 1_000;
    static final double PER_SECOND = 1_000;
    private static final double WITH_A_BACKER = 0.5;

    /**
     * A crowd.
     *
     * @param zipf exponent of the sizes, 0 for equal ones
     * @param seed draws who finds a backer
     */
    static Operators of(double zipf, long seed) {
        double[] sizes = new double[COUNT];
        double sum = 0;
        for (int i = 0; i < COUNT; i++) {
            sizes[i] = StrictMath.pow(i + 1, -zipf);
            sum += sizes[i];
        }
        SplittableRandom random = new SplittableRandom(seed);
        boolean[] backed = new boolean[COUNT];
        for (int i = 0; i < COUNT; i++) {
            sizes[i] *= PER_SECOND / sum;
            backed[i] = random.nextDouble() < WITH_A_BACKER;
        }
        return new Operators(sizes, backed);
    }

    /**
     * Some of them.
     *
     * @param operators their share of all operators
     * @param traffic their share of all traffic
     */
    record Part(double operators, double traffic) {}

    /** Those that a rule shuts out. */
    Part shutOut(BarrierRule rule, Economy economy, double hours) {
        return part(i -> rule.shutsOut(economy, sizes[i], backed[i], hours));
    }

    /** Those that are in by a backer alone. */
    Part inByConsent(Economy economy, double hours) {
        return part(i -> BarrierRule.FLAT.shutsOut(economy, sizes[i], backed[i], hours)
                && !BarrierRule.FLAT_WITH_BACKERS.shutsOut(economy, sizes[i], backed[i], hours));
    }

    /** Those that are larger than what a flat floor backs. */
    Part beyondFlatFloor() {
        return part(i -> sizes[i] > Economy.BACKED_SIZE);
    }

    private Part part(IntPredicate which) {
        int count = 0;
        double traffic = 0;
        double whole = 0;
        for (int i = 0; i < sizes.length; i++) {
            whole += sizes[i];
            if (which.test(i)) {
                count++;
                traffic += sizes[i];
            }
        }
        return new Part((double) count / sizes.length, traffic / whole);
    }
}
