package openledger.lab;

import java.util.List;
import openledger.lab.experiment.BudgetExperiment;
import openledger.lab.experiment.ModesExperiment;
import openledger.lab.experiment.PrivilegeExperiment;
import openledger.lab.experiment.ResendExperiment;
import openledger.lab.lies.LiesExperiment;
import openledger.lab.report.Experiment;
import openledger.lab.sequencing.SequencingExperiment;
import openledger.lab.stake.BarrierExperiment;
import openledger.lab.stake.StakeExperiment;

/** The experiments of the lab. */
public final class Experiments {
    /** In the order of the report. */
    public static final List<Experiment> ALL = List.of(
            new BudgetExperiment(),
            new ResendExperiment(),
            new PrivilegeExperiment(),
            new ModesExperiment(),
            new SequencingExperiment(),
            new StakeExperiment(),
            new BarrierExperiment(),
            new LiesExperiment());

    private Experiments() {}
}
