package openledger.lab;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import openledger.fairness.AgainstChance;
import openledger.fairness.Attribution;
import openledger.fairness.Attribution.BestTierView;
import openledger.fairness.FairnessFigures;
import openledger.fairness.FairnessWindow;
import openledger.fairness.JainIndex;
import openledger.fairness.VarianceSplit;
import openledger.lab.engine.Arrivals;
import openledger.lab.engine.Requests;
import openledger.routing.DecisionStatus;

/** Runs of the lab as a router's window sees them, in the order in which their requests end. */
final class RunWindow {
    private final FairnessWindow window;
    private long last;

    RunWindow(Duration part, int parts) {
        this.window = new FairnessWindow(part, parts);
    }

    /** Adds a run that begins at such a time. */
    void add(Requests requests, Arrivals arrivals, long beginsMillis) {
        int[] byEnd = IntStream.range(0, arrivals.count())
                .boxed()
                .sorted((one, other) -> Double.compare(requests.ended[one], requests.ended[other]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i : byEnd) {
            boolean isBest = requests.tier[i] == Requests.BEST;
            int overtakes = requests.retries(i).overtakes();
            BestTierView view = requests.retries(i).bestTier();
            int cohort = arrivals.tenants()[i];
            last = beginsMillis + (long) requests.ended[i];
            window.add(
                    last,
                    beginsMillis + (long) arrivals.millis()[i],
                    cohort,
                    requests.attempts(i),
                    isBest ? DecisionStatus.SERVED : DecisionStatus.FELL_BACK,
                    isBest ? Attribution.NONE : Attribution.of(overtakes, view),
                    overtakes,
                    requests.utilisation[i]);
        }
    }

    FairnessFigures figures() {
        return window.figures(last, new SplittableRandom(1));
    }

    /** What is beyond chance, by figure; negative where there is none. */
    Map<String, Double> excess() {
        FairnessFigures figures = figures();
        Map<String, Double> excess = new LinkedHashMap<>();
        excess.put("disparity", figures.disparity().map(AgainstChance::excess).orElse(-1.0));
        excess.put(
                "attempts",
                figures.attemptsDistance().map(AgainstChance::excess).orElse(-1.0));
        excess.put(
                "parity", figures.congestionParity().map(AgainstChance::excess).orElse(-1.0));
        excess.put("jain", figures.jain().map(JainIndex::excess).orElse(-1.0));
        excess.put(
                "variance",
                figures.variance()
                        .map(VarianceSplit::cohort)
                        .map(AgainstChance::excess)
                        .orElse(-1.0));
        return excess;
    }
}
