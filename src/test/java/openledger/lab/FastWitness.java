package openledger.lab;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import openledger.fairness.AgainstChance;
import openledger.fairness.FairnessFigures;
import openledger.fairness.VarianceSplit;
import openledger.lab.engine.Arrivals;
import openledger.lab.engine.FastRun;
import openledger.lab.engine.FastSetting;
import openledger.lab.engine.FastTrial;
import openledger.lab.engine.Requests;
import openledger.lab.engine.Resending;
import openledger.lab.engine.RunCohorts;
import openledger.lab.world.Workload;

/** What the lab and the measures of fairness say of fast mode, in whichever house it is loaded. */
public final class FastWitness implements Supplier<Map<String, Double>> {
    private static final int SEEDS = 12;
    private static final int RUN_MILLIS = 600_000;

    @Override
    public Map<String, Double> get() {
        FastSetting setting = FastSetting.REFERENCE.with(Resending.NEVER);
        RunWindow window = new RunWindow(Duration.ofMillis(RUN_MILLIS), SEEDS + 1);
        double favoured = 0;
        double others = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            Arrivals arrivals = FastTrial.REFERENCE.arrivals(seed);
            FavouredCohort.expect(arrivals.tenants());
            Requests requests = new FastRun(setting).of(arrivals, seed);
            window.add(requests, arrivals, seed * (long) RUN_MILLIS);
            RunCohorts cohorts = RunCohorts.of(requests, arrivals, Workload.SMALL.tenants());
            favoured += cohorts.denied(tenant -> tenant == FavouredCohort.TENANT) / SEEDS;
            others += cohorts.denied(tenant -> tenant != FavouredCohort.TENANT) / SEEDS;
        }
        FairnessFigures figures = window.figures();
        return Map.of(
                "favoured",
                favoured,
                "others",
                others,
                "disparity",
                excess(figures.disparity().orElseThrow()),
                "attempts",
                excess(figures.attemptsDistance().orElseThrow()),
                "variance",
                excess(figures.variance().map(VarianceSplit::cohort).orElseThrow()),
                "jain",
                figures.jain().orElseThrow().value());
    }

    private static double excess(AgainstChance of) {
        return of.excess();
    }
}
