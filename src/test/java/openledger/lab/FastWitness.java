package openledger.lab;

import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import openledger.fairness.AgainstChance;
import openledger.fairness.Attribution;
import openledger.fairness.Attribution.BestTierView;
import openledger.fairness.FairnessFigures;
import openledger.fairness.FairnessWindow;
import openledger.fairness.VarianceSplit;
import openledger.routing.DecisionStatus;

/** What the lab and the measures of fairness say of fast mode, in whichever house it is loaded. */
public final class FastWitness implements Supplier<Map<String, Double>> {
    private static final int SEEDS = 12;
    private static final int RUN_MILLIS = 600_000;

    @Override
    public Map<String, Double> get() {
        FastSetting setting = FastSetting.REFERENCE.with(Resending.NEVER);
        FairnessWindow window = new FairnessWindow(Duration.ofMillis(RUN_MILLIS), SEEDS + 1);
        double favoured = 0;
        double others = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            Arrivals arrivals = Trial.REFERENCE.arrivals(seed);
            FavouredCohort.expect(arrivals.tenants());
            Requests requests = new FastRun(setting).of(arrivals, seed);
            for (int i = 0; i < arrivals.count(); i++) {
                boolean isBest = requests.tier[i] == Requests.BEST;
                BestTierView view = requests.sawRoom[i] ? BestTierView.SHOWED_ROOM : BestTierView.SHOWED_NONE;
                window.add(
                        seed * (long) RUN_MILLIS + (long) arrivals.millis()[i],
                        arrivals.tenants()[i],
                        requests.attempts[i],
                        isBest ? DecisionStatus.SERVED : DecisionStatus.FELL_BACK,
                        isBest ? Attribution.NONE : Attribution.of(requests.overtakes[i], view),
                        requests.overtakes[i],
                        0);
            }
            Cohorts cohorts = Cohorts.of(requests, arrivals, Mix.SMALL.tenants());
            favoured += cohorts.denied(tenant -> tenant == FavouredCohort.TENANT) / SEEDS;
            others += cohorts.denied(tenant -> tenant != FavouredCohort.TENANT) / SEEDS;
        }
        FairnessFigures figures = window.figures((SEEDS + 1) * (long) RUN_MILLIS - 1, new SplittableRandom(1));
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
