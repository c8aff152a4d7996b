package openledger.lab.experiment;

import openledger.lab.engine.Arrivals;
import openledger.lab.engine.FastRun;
import openledger.lab.engine.FastSetting;
import openledger.lab.engine.FastTrial;
import openledger.lab.engine.RunFigures;
import openledger.lab.report.Measured;

/** The heart of the budget experiment on the caller's thread alone, for benchmarks. */
public final class BudgetPace {
    private BudgetPace() {}

    /**
     * Both budgets in the reference world, from drawing the arrivals to the figures.
     *
     * @param seeds runs of each, at least 2
     * @return simulated requests
     */
    public static long run(int seeds) {
        FastRun few = new FastRun(FastSetting.REFERENCE.attempts(3));
        FastRun many = new FastRun(FastSetting.REFERENCE.attempts(7));
        double[] before = new double[seeds];
        double[] after = new double[seeds];
        for (int i = 0; i < seeds; i++) {
            long seed = i + 1L;
            Arrivals arrivals = FastTrial.REFERENCE.arrivals(seed);
            before[i] = RunFigures.of(few, few.of(arrivals, seed), FastTrial.REQUESTS)
                    .fallBack();
            after[i] = RunFigures.of(many, many.of(arrivals, seed), FastTrial.REQUESTS)
                    .fallBack();
        }
        if (Measured.change(after, before).value() >= 0) {
            throw new IllegalStateException("more attempts, and not fewer fall-backs");
        }
        return 2L * seeds * FastTrial.REQUESTS;
    }
}
