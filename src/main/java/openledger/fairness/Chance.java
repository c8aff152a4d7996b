package openledger.fairness;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** The values that deals of a fair lottery show. */
final class Chance {
    /** The 198th smallest of so many is a floor between the 97th and the last of a hundred, nineteen times of twenty. */
    static final int DRAWS = 200;

    /** Not 95 %, of which a few strata too wide, or a few stretches too alike, easily make 90. */
    private static final double LEVEL = 0.99;

    private Chance() {}

    /** What {@link #DRAWS} deals do not exceed but in 1 of 100. */
    static double floor(RandomGenerator chance, ToDoubleFunction<RandomGenerator> dealt) {
        double[] values = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            values[draw] = dealt.applyAsDouble(chance);
        }
        Arrays.sort(values);
        return values[(int) Math.ceil(LEVEL * DRAWS) - 1];
    }
}
