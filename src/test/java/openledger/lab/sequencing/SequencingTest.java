package openledger.lab.sequencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import openledger.audit.ReplayReport;
import openledger.lab.engine.Arrival;
import openledger.lab.engine.LaneTimes;
import openledger.lab.report.Progress;
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import openledger.lab.sequencing.SequencingRun.Sequenced;
import openledger.lab.world.CongestionParameters;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Exposure;
import openledger.lab.world.Market;
import openledger.lab.world.Workload;
import openledger.routing.Gate;
import org.junit.jupiter.api.Test;

final class SequencingTest {
    private static final int REQUESTS = 3_000;

    private static SequencingRun run(CongestionParameters congestion) {
        List<Arrival> arrivals = Workload.SMALL.arrivals(1, 60_000).subList(0, REQUESTS);
        double[] stretch = new double[REQUESTS];
        Arrays.fill(stretch, 1);
        return new SequencingRun(arrivals, stretch, new CongestionWorld(congestion, Market.PROVIDERS, 1), 1);
    }

    @Test
    void nothingIsReroutedWhereNothingChanges() {
        SequencingRun run = run(new CongestionParameters(1e12, 1, 1, 1e12, 1, 1, 0.01, 18, 0.97));
        Sequenced sequenced = run.sequenced(SequencingTiming.REFERENCE);

        assertThat(run.naive(Exposure.REFERENCE)).isZero();
        assertThat(sequenced.unpinned(Exposure.REFERENCE)).isZero();
        assertThat(sequenced.followed(Gate.DISPATCH, Exposure.REFERENCE).changed())
                .isZero();
    }

    @Test
    void aPlanIsFollowedUnlessItsTargetFailsHard() {
        Sequenced sequenced = run(CongestionParameters.REFERENCE).sequenced(SequencingTiming.REFERENCE);

        Exposure soft = new Exposure(Exposure.REFERENCE.millis(), 0);
        Exposure hard = new Exposure(Exposure.REFERENCE.millis(), 1);
        assertThat(sequenced.followed(Gate.DISPATCH, soft).changed()).isZero();
        assertThat(sequenced.followed(Gate.DISPATCH, hard).changed())
                .isPositive()
                .isCloseTo(sequenced.followed(Gate.DISPATCH, hard).staleByAnswer(), offset(0.01));
    }

    @Test
    void whatFollowsThePlansIsWhatTheAuditorExpects() {
        ReplayReport report = run(CongestionParameters.REFERENCE)
                .sequenced(SequencingTiming.REFERENCE)
                .audited();

        assertThat(report.differences()).isEmpty();
        assertThat(report.plans()).isEqualTo(REQUESTS);
        assertThat(report.outcomes()).isEqualTo(REQUESTS);
    }

    @Test
    void theReferenceTimingConfirmsBetweenItsShortestAndLongestWay() {
        double[] millis = run(CongestionParameters.REFERENCE)
                .sequenced(SequencingTiming.REFERENCE)
                .confirmations();

        // To the end of the epoch, 20 ms to the node, a block, 50 ms back.
        assertThat(millis[0]).isGreaterThanOrEqualTo(270);
        assertThat(millis[millis.length - 1]).isLessThanOrEqualTo(470);
    }

    @Test
    void ofOursNoneWaitsMuchLongerThanTwoBlocks() {
        double[] pinned = IntStream.range(1, 600).mapToDouble(i -> i * 100.0).toArray();
        for (int block : List.of(200, 250, 1_000, 2_000)) {
            double[] confirmed = LaneTimes.confirmed(SequencingTiming.ours(Duration.ofMillis(block)), pinned, 3);
            for (int i = 100; i < pinned.length; i++) {
                assertThat(confirmed[i] - pinned[i])
                        .as("plan %d, blocks of %d ms", i, block)
                        .isBetween(10.0, 2.0 * block + 50);
            }
        }
    }

    @Test
    void aPlanWaitsForTheMomentBeforeTheBlockAndNotForTheOneAfter() {
        double[] pinned = IntStream.range(1, 600).mapToDouble(i -> i * 100.0).toArray();
        double[] confirmed = LaneTimes.confirmed(SequencingTiming.ours(Duration.ofSeconds(1)), pinned, 3);

        double mean = IntStream.range(100, pinned.length)
                .mapToDouble(i -> confirmed[i] - pinned[i])
                .average()
                .orElseThrow();
        // Half a block, the lead before it, and the way back; a block more if each missed its own.
        assertThat(mean).isBetween(500.0, 750.0);
    }

    @Test
    void theSameSeedsGiveTheSameSection() {
        Section once = new SequencingExperiment().run(new Seeds(2), Progress.NONE);

        assertThat(new SequencingExperiment().run(new Seeds(2), Progress.NONE)).isEqualTo(once);
        assertThat(once.figures())
                .extracting(figure -> figure.key())
                .contains("change_naive", "change_pinned", "pins_stale", "confirmation_reference_p50_ms");
    }
}
