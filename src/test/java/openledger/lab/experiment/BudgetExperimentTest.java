package openledger.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import openledger.lab.engine.Arrivals;
import openledger.lab.engine.FastRun;
import openledger.lab.engine.FastSetting;
import openledger.lab.engine.FastTrial;
import openledger.lab.engine.RunCohorts;
import openledger.lab.engine.RunFigures;
import openledger.lab.engine.Sample;
import openledger.lab.report.Measured;
import openledger.lab.report.Progress;
import openledger.lab.report.Seeds;
import openledger.lab.world.Workload;
import org.junit.jupiter.api.Test;

/** The reference figures, from the world alone and with fixed seeds: each figure is the same every time. */
final class BudgetExperimentTest {
    private static final Seeds SEEDS = new Seeds(20);
    private static final Sample FEW = FastTrial.REFERENCE.attempts(3).run(SEEDS, Progress.NONE);
    private static final Sample MANY = FastTrial.REFERENCE.attempts(7).run(SEEDS, Progress.NONE);

    @Test
    void aboutOneInSevenFallsBackWithThreeAttempts() {
        assertThat(FEW.mean(RunFigures::fallBack).value()).isBetween(0.11, 0.17);
    }

    @Test
    void sevenAttemptsTakeTwoFifthsOfTheFallBacksAway() {
        Measured change = MANY.change(FEW, RunFigures::fallBack);

        assertThat(change.value()).isBetween(-0.48, -0.32);
        assertThat(change.high()).isNegative();
    }

    @Test
    void andAddAFifthOfASecond() {
        assertThat(MANY.difference(FEW, RunFigures::latency).value()).isBetween(160.0, 280.0);
    }

    @Test
    void hiddenPrivilegeCostsTheOthers() {
        FastSetting setting = FastSetting.REFERENCE.with(new FastSetting.Privilege(2, 7));
        double paid = 0;
        for (long seed = 1; seed <= 10; seed++) {
            Arrivals arrivals = FastTrial.REFERENCE.at(90).arrivals(seed);
            RunCohorts.Group others = tenant -> tenant % 2 == 1;
            paid += denied(setting, arrivals, seed, others) - denied(FastSetting.REFERENCE, arrivals, seed, others);
        }

        assertThat(paid / 10).isPositive();
    }

    private static double denied(FastSetting setting, Arrivals arrivals, long seed, RunCohorts.Group group) {
        return RunCohorts.of(new FastRun(setting).of(arrivals, seed), arrivals, Workload.SMALL.tenants())
                .denied(group);
    }
}
