package openledger.lab.stake;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * What an operator expects of each way to go on with a pool of a given stake, in mean gains an hour at a load of one half.
 *
 * @param temptation of its lane
 * @param perHour decisions
 * @param terms of the vault, and how much is checked
 */
record Prospect(Temptation temptation, double perHour, Terms terms) {
    /** An operator that acts at so few of the chances off the plan counts as honest. */
    static final double AS_GOOD_AS_NONE = 0.01;

    private static final int HALVINGS = 60;

    /** What an operator does. */
    enum Way {
        /** Nothing off the plan. */
        HONEST("honest"),
        /** What is worth more than its expected loss, for ever; the pool is kept full. */
        LAZY("lazy"),
        /** Everything, until nothing can be committed any more; then away. */
        HIT_AND_RUN("hit and run");

        private final String words;

        Way(String words) {
            this.words = words;
        }

        /** In tables. */
        String words() {
            return words;
        }
    }

    /** That of a lane at a load. */
    static Prospect at(double load, Temptation temptation, Terms terms) {
        return new Prospect(temptation, StakeLane.perSecond(load) * 3_600, terms);
    }

    /** What all acts off the plan are worth, an hour. */
    double gainPerHour() {
        return temptation.gainPerDecision() * perHour;
    }

    /** What an act off the plan is expected to cost an operator that reports itself, with that pool. */
    private double loss(double stake) {
        return temptation.expectedLoss(terms, terms.burnedOf(Math.min(terms.penalty(), stake)));
    }

    /** Of the chances off the plan, those that a lazy operator takes; 0 to 1. */
    double lazyShare(double stake) {
        int all = temptation.traced().length;
        return all == 0 ? 0 : temptation.worth(loss(stake)) / all;
    }

    /** What laziness is worth, an hour. */
    double lazy(double stake) {
        double loss = loss(stake);
        double net = Arrays.stream(temptation.traced())
                .map(gain -> Math.max(0, gain - loss))
                .sum();
        return temptation.decisions() == 0 ? 0 : net / temptation.decisions() * perHour;
    }

    /** What hit and run is worth, an hour of the unbacked time. */
    double hitAndRun(double stake, double hours) {
        double proven = temptation.decisions() == 0
                ? 0
                : temptation.proven() / temptation.decisions() * perHour * hours * terms.penalty();
        return gainPerHour() - terms.burnedOf(Math.min(stake, proven)) / hours;
    }

    /** The way with the most gains; the honest one has none, and is taken where no other has more. */
    Way best(double stake, double hours) {
        double lazy = lazyShare(stake) <= AS_GOOD_AS_NONE ? 0 : lazy(stake);
        double run = hitAndRun(stake, hours);
        if (run > lazy && run > 0) {
            return Way.HIT_AND_RUN;
        }
        return lazy > 0 ? Way.LAZY : Way.HONEST;
    }

    /** The smallest pool with which the honest way is best; empty if no pool is large enough. */
    OptionalDouble leastStake(double hours) {
        double enough = Math.max(terms.penalty(), 2 * gainPerHour() * hours / Math.max(1e-9, terms.burnedOf(1)));
        if (best(enough, hours) != Way.HONEST) {
            return OptionalDouble.empty();
        }
        double tooLittle = 0;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (tooLittle + enough) / 2;
            if (best(middle, hours) == Way.HONEST) {
                enough = middle;
            } else {
                tooLittle = middle;
            }
        }
        return OptionalDouble.of(enough);
    }
}
