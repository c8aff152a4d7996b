package openledger.lab.engine;

import java.util.List;
import java.util.function.ToDoubleFunction;
import openledger.lab.report.Measured;

/**
 * The runs of one trial.
 *
 * @param runs one a seed, in the order of the seeds
 */
public record Sample(List<RunFigures> runs) {
    public Sample {
        runs = List.copyOf(runs);
    }

    public Measured mean(ToDoubleFunction<RunFigures> of) {
        return Measured.of(values(of));
    }

    /** By how much of that before it is different. */
    public Measured change(Sample before, ToDoubleFunction<RunFigures> of) {
        return Measured.change(values(of), before.values(of));
    }

    public Measured difference(Sample before, ToDoubleFunction<RunFigures> of) {
        return Measured.difference(values(of), before.values(of));
    }

    /** A share of those that fell back, over all runs. */
    public Measured ofFallBacks(ToDoubleFunction<RunFigures> of) {
        return Measured.ratio(values(run -> of.applyAsDouble(run) * run.fallBack()), values(RunFigures::fallBack));
    }

    private double[] values(ToDoubleFunction<RunFigures> of) {
        return runs.stream().mapToDouble(of).toArray();
    }
}
