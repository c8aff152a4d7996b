package openledger.lab.stake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import openledger.lab.report.Experiment;
import openledger.lab.report.JsonReport;
import openledger.lab.report.Progress;
import openledger.lab.report.Report;
import openledger.lab.report.Seeds;
import openledger.lab.stake.Prospect.Way;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What must hold of stakes whatever the guesses are. */
final class EconomicsTest {
    private static final double LOAD = 0.8;
    private static final Terms WATCHED = Terms.DEFAULT.audited(1);
    private static final double AN_HOUR = 1;

    private static Temptation lane;

    @BeforeAll
    static void aLane() {
        lane = StakeRun.of(LOAD, 1, StakeRun.OF_NOTE_16).temptation();
    }

    private static double prevented(Terms terms) {
        return lane.chances() - lane.remaining(terms, terms.burned());
    }

    @Test
    void everyActOffThePlanHasAProofOfOneLeaf() {
        assertThat(lane.traced().length).isGreaterThan(100);
        assertThat(lane.provenByLeaf()).isEqualTo(lane.traced().length);
        assertThat(lane.conviction()).isEqualTo(1);
    }

    @Test
    void moreIsPreventedTheMoreIsCheckedOrBurnedUpToWhatIsOffThePlan() {
        for (double penalty : DeterrenceTables.PENALTIES) {
            double before = 0;
            for (double share : DeterrenceTables.AUDIT_SHARES) {
                double now = prevented(Terms.DEFAULT.taking(penalty).audited(share));
                assertThat(now).isBetween(before, (double) lane.traced().length);
                before = now;
            }
        }
        for (double share : DeterrenceTables.AUDIT_SHARES) {
            double before = 0;
            for (double penalty : DeterrenceTables.PENALTIES) {
                double now = prevented(Terms.DEFAULT.taking(penalty).audited(share));
                assertThat(now).isBetween(before, (double) lane.traced().length);
                before = now;
            }
        }
        assertThat(prevented(WATCHED.taking(1e9))).isEqualTo(lane.traced().length);
        assertThat(lane.hidden()).isNotEmpty();
        assertThat(prevented(Terms.DEFAULT)).isPositive();
        assertThat(prevented(Terms.DEFAULT.audited(0))).isZero();
    }

    @Test
    void whoReportsItselfFeelsOnlyWhatIsBurned() {
        Terms nothingBurned = WATCHED.rewarding(1);

        assertThat(prevented(nothingBurned)).isZero();
        assertThat(lane.remaining(nothingBurned, nothingBurned.penalty())).isLessThan(lane.chances());
        double before = Double.POSITIVE_INFINITY;
        for (double share : DeterrenceTables.REPORTER_SHARES) {
            double now = prevented(Terms.DEFAULT.rewarding(share));
            assertThat(now).isLessThanOrEqualTo(before);
            before = now;
        }
    }

    @Test
    void liesAboutProvidersArePreventedByNoPenalty() {
        StakeRun.Found lies = StakeRun.behindLies(LOAD, 2);

        assertThat(lies.whole()).isGreaterThan(100);
        assertThat(lies.proved()).isZero();
        Temptation lying =
                new Temptation(lane.decisions(), lane.leaves(), lane.traced(), lane.hidden(), 0, lies.proved());
        assertThat(lying.remaining(WATCHED.taking(1e12), 1e12)).isEqualTo(lying.chances());
    }

    @Test
    void theLeastStakeIsWhatIsGainedInTheUnbackedTimeOverTheBurnedShare() {
        Prospect prospect = Prospect.at(LOAD, lane, WATCHED);
        for (Unbacked time : Unbacked.values()) {
            double expected = prospect.gainPerHour() * time.hours() / WATCHED.burnedOf(1);

            double least = prospect.leastStake(time.hours()).orElseThrow();

            assertThat(least).isCloseTo(expected, within(expected * 1e-9));
            assertThat(prospect.best(least * 1.001, time.hours())).isEqualTo(Way.HONEST);
            assertThat(prospect.best(least * 0.999, time.hours())).isEqualTo(Way.HIT_AND_RUN);
        }
    }

    @Test
    void noPoolReplacesChecking() {
        Prospect hardlyChecked = Prospect.at(LOAD, lane, Terms.DEFAULT);

        assertThat(hardlyChecked.leastStake(AN_HOUR)).isEmpty();
        assertThat(hardlyChecked.best(1e12, AN_HOUR)).isEqualTo(Way.LAZY);
        assertThat(hardlyChecked.lazyShare(1e12)).isBetween(0.3, 0.6);
        // A pool that leaves something to run with, but less than laziness gives.
        double almost = 0.95 * hardlyChecked.gainPerHour() / Terms.DEFAULT.burnedOf(1);
        assertThat(hardlyChecked.hitAndRun(almost, AN_HOUR)).isPositive();
        assertThat(hardlyChecked.best(almost, AN_HOUR)).isEqualTo(Way.LAZY);
        assertThat(hardlyChecked.best(Terms.DEFAULT.penalty(), AN_HOUR)).isEqualTo(Way.HIT_AND_RUN);
    }

    @Test
    void noCheckingReplacesThePool() {
        Prospect prospect = Prospect.at(LOAD, lane, WATCHED);

        assertThat(prospect.best(WATCHED.penalty(), AN_HOUR)).isEqualTo(Way.HIT_AND_RUN);
        assertThat(prospect.lazyShare(WATCHED.penalty())).isZero();
    }

    @Test
    void aPenaltyBelowAMeanGainDetersNobodyFromHitAndRun() {
        Prospect prospect = Prospect.at(LOAD, lane, WATCHED.taking(0.5));

        assertThat(prospect.leastStake(AN_HOUR)).isEmpty();
    }

    @Test
    void theReporterOfNote16DoesNotEarnWhatAProofCosts() {
        assertThat(Prices.payForProof(Terms.DEFAULT.taking(10))).isFalse();
        assertThat(Prices.payForProof(Terms.DEFAULT)).isTrue();
    }

    @Test
    void termsAreShares() {
        assertThatThrownBy(() -> new Terms(1.1, 7, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Terms(0.5, 7, -0.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Terms(0.5, -1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSameSeedsGiveTheSameReport() {
        assertThat(report(2, new StakeExperiment())).isEqualTo(report(2, new StakeExperiment()));
        assertThat(report(2, new BarrierExperiment()))
                .isEqualTo(report(2, new BarrierExperiment()))
                .isNotEqualTo(report(3, new BarrierExperiment()));
    }

    private static byte[] report(int count, Experiment experiment) {
        Seeds seeds = new Seeds(count);
        return JsonReport.of(new Report(seeds, List.of(experiment.run(seeds, Progress.NONE))));
    }
}
