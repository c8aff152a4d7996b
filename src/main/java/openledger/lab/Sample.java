package openledger.lab;

import java.util.List;
import java.util.function.ToDoubleFunction;
import openledger.lab.report.Measured;

/**
 * The runs of one trial.
 *
 * @param runs one a seed, in the order of the seeds
 */
record Sample(List<RunFigures> runs) {
    Sample {
        runs = List.copyOf(runs);
    }

    Measured mean(ToDoubleFunction<RunFigures> of) {
        return Measured.of(values(of));
    }

    /** By how much of that before it is different. */
    Measured change(Sample before, ToDoubleFunction<RunFigures> of) {
        return Measured.change(values(of), before.values(of));
    }

    Measured difference(Sample before, ToDoubleFunction<RunFigures> of) {
        return Measured.difference(values(of), before.values(of));
    }

    /** A share of those that fell back, over all runs. */
    Measured ofFallBacks(ToDoubleFunction<RunFigures> of) {
        return Measured.ratio(values(run -> of.applyAsDouble(run) * run.fallBack()), values(RunFigures::fallBack));
    }

    private double[] values(ToDoubleFunction<RunFigures> of) {
        return runs.stream().mapToDouble(of).toArray();
    }
}
