package openledger.lab.lies;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import openledger.fairness.twin.TwinAnswer;
import openledger.fairness.twin.TwinOutcome;
import openledger.fairness.twin.TwinPlan;
import openledger.fairness.twin.TwinVerdict;
import openledger.fairness.twin.TwinVerdict.Pair;
import openledger.lab.world.LogNormal;

/**
 * An endpoint that is probed with twins, in quiet and in congested spells; parameters of {@code
 * docs/explanation/lies-about-providers.md}. The same seed gives the same answers. Confined to one thread.
 */
public final class ProbeWorld {
    /** What the lab's probes are to find. */
    public static final TwinPlan PLAN = new TwinPlan(0.05, 0.10, TwinOutcome.values().length);

    private static final Spell QUIET = new Spell(60, 0.02, new LogNormal(1_000, 0.5), 0);
    private static final Spell CONGESTED = new Spell(15, 0.20, new LogNormal(2_500, 0.5), 0.5);
    private static final LogNormal TOKENS = new LogNormal(40, 0.3);

    private final SplittableRandom random;
    private final Treatment treatment;
    private Spell spell = QUIET;

    private ProbeWorld(long seed, Treatment treatment) {
        this.random = new SplittableRandom(seed);
        this.treatment = treatment;
    }

    /**
     * How it is at a time.
     *
     * @param pairs that it lasts in the mean
     * @param refused share of the requests
     * @param millis of an answer
     * @param retries in the mean
     */
    private record Spell(double pairs, double refused, LogNormal millis, double retries) {}

    /** What a probe of so many pairs says. */
    public static TwinVerdict probe(long seed, Treatment treatment, int pairs) {
        ProbeWorld world = new ProbeWorld(seed, treatment);
        List<Pair> all = new ArrayList<>(pairs);
        for (int i = 0; i < pairs; i++) {
            if (world.random.nextDouble() < 1 / world.spell.pairs) {
                world.spell = world.spell.equals(QUIET) ? CONGESTED : QUIET;
            }
            all.add(new Pair(world.answer(Treatment.EQUAL), world.answer(world.treatment)));
        }
        return TwinVerdict.of(all, EnumSet.allOf(TwinOutcome.class), PLAN);
    }

    private TwinAnswer answer(Treatment as) {
        // Each answer has its draws, used or not, so that two treatments differ in nothing else.
        double luck = random.nextDouble();
        double millis = spell.millis.draw(random) * (1 + as.slower());
        long tokens = Math.round(TOKENS.draw(random));
        int retries = poisson(spell.retries);
        String model = random.nextDouble() < as.otherModel() ? "m-small" : "m";
        return luck < spell.refused + as.refusals()
                ? TwinAnswer.refused()
                : new TwinAnswer(false, millis, model, tokens, retries);
    }

    private int poisson(double mean) {
        double left = random.nextDouble();
        double probability = StrictMath.exp(-mean);
        int count = 0;
        for (double sum = probability; left > sum && count < 20; sum += probability) {
            count++;
            probability *= mean / count;
        }
        return count;
    }
}
