package openledger.lab;

import java.util.Map;
import java.util.function.Supplier;
import openledger.lab.engine.ConfirmedRun;
import openledger.lab.engine.FastTrial;
import openledger.lab.engine.RunFigures;
import openledger.lab.experiment.SurplusRules;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Market;

/** What the lab says of confirmed mode, in whichever house it is loaded. */
public final class ConfirmedWitness implements Supplier<Map<String, Double>> {
    private static final int SEEDS = 4;

    @Override
    public Map<String, Double> get() {
        double selective = 0;
        double overtakes = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            CongestionWorld world = new CongestionWorld(Market.REFERENCE.congestion(), Market.PROVIDERS, seed);
            RunFigures figures = RunFigures.of(ConfirmedRun.of(
                    FastTrial.REFERENCE.arrivals(seed).asList(), Market.REFERENCE, world, SurplusRules.PRODUCT));
            selective += figures.selective() / SEEDS;
            overtakes += figures.overtakes() / SEEDS;
        }
        return Map.of("selective", selective, "overtakes", overtakes);
    }
}
